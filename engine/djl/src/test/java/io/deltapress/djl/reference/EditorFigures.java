package io.deltapress.djl.reference;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.djl.edit.EditListener;
import io.deltapress.djl.edit.EditMeasure;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditRequestFile;
import io.deltapress.djl.edit.EditScores;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.Editor;
import io.deltapress.djl.edit.Editors;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.world.CounterfactualEdits;
import io.deltapress.djl.world.CounterfactualEdits.Group;
import io.deltapress.djl.world.FactWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints the figures of {@code doc/editing.md}: editors on the edits that the shipped one was not
 * trained on, each alone and in batches of ten, always from the unedited base. Run from engine/djl;
 * arguments are editors, and {@code 300} before them for that many edits in place of the 60.
 */
final class EditorFigures {

  private static final Path REFERENCE = Path.of("reference");

  private EditorFigures() {}

  /** Measures each editor that is named. */
  public static void main(String[] arguments) throws IOException {
    boolean many = arguments.length > 0 && arguments[0].equals("300");
    List<EditRequest> requests =
        many
            ? new CounterfactualEdits(new FactWorld(1)).draw(Group.HELD_OUT, 300, 12)
            : EditRequestFile.read(REFERENCE.resolve("tasks/edits-test.jsonl"));
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        EditableModel model = EditableModel.open(manager, REFERENCE.resolve("base"))) {
      System.out.println("editor, batch: success, rephrase, locality, norm, rank, bytes, ms");
      for (String spec : List.of(arguments).subList(many ? 1 : 0, arguments.length)) {
        for (int batch : new int[] {1, 10}) {
          try (Editor editor = Editors.open(spec, model)) {
            System.out.println(
                spec + ", " + batch + ": " + measured(model, editor, requests, batch));
          }
        }
      }
    }
  }

  private static String measured(
      EditableModel model, Editor editor, List<EditRequest> requests, int batch)
      throws IOException {
    double[] sums = new double[6];
    int rank = 0;
    for (int from = 0; from < requests.size(); from += batch) {
      List<EditRequest> some = requests.subList(from, Math.min(from + batch, requests.size()));
      EditMeasure measure = new EditMeasure(model, some);
      for (ComputedEdit edit : editor.edit(model, some, EditListener.none())) {
        model.putOn(edit);
        rank = Math.max(rank, edit.rank());
        sums[3] += edit.norm();
        sums[4] += edit.bytes();
        sums[5] += edit.milliseconds();
      }
      for (EditScores scores : measure.after()) {
        sums[0] += scores.rewriteAccuracy();
        sums[1] += scores.rephraseAccuracy();
        sums[2] += scores.locality();
      }
      model.takeOffAll();
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= requests.size();
    }
    return String.format(
        Locale.ROOT,
        "%.3f, %.3f, %.4f, %.2f, %d, %.0f, %.1f",
        sums[0],
        sums[1],
        sums[2],
        sums[3],
        rank,
        sums[4],
        sums[5]);
  }
}
