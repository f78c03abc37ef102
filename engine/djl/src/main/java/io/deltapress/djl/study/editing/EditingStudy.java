package io.deltapress.djl.study.editing;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.Editor;
import io.deltapress.djl.edit.EditorMethod;
import io.deltapress.djl.edit.EditorSettings;
import io.deltapress.djl.edit.Editors;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.djl.study.ResultLog;
import io.deltapress.djl.study.StudyListener;
import io.deltapress.djl.study.StudyLock;
import io.deltapress.djl.train.EditorOptions;
import io.deltapress.djl.train.EditorTrainer;
import io.deltapress.djl.train.TrainingListener;
import io.deltapress.djl.train.TrainingRecipe;
import io.deltapress.djl.world.EditSequence;
import io.deltapress.djl.world.FactWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a study of editing on the reference base: long sequences of edits, by every method, one by
 * one and in batches. Rows are written as they are done, so that a study which was ended goes on
 * behind the last whole row when it is run again with the same options.
 */
public final class EditingStudy {

  private static final String ROWS = "rows.jsonl";
  private static final String SHIPPED_EDITOR = "editor";
  private static final String TRAINING_EDITS = "tasks/edits-train.jsonl";
  private static final int STATE_EVERY_STEPS = 50;

  private final Path out;
  private final Path reference;
  private final EditingPlan plan;
  private final StudyListener listener;
  private final Path base;
  private final FactWorld world;

  private EditingStudy(Path out, Path reference, EditingPlan plan, StudyListener listener)
      throws IOException {
    this.out = out;
    this.reference = reference;
    this.plan = plan;
    this.listener = listener;
    ReferenceModels list = ReferenceModels.read(reference);
    this.base = ReferenceModels.resolve(reference, list.base().directory());
    this.world = new FactWorld(1);
  }

  /**
   * Everything that was measured.
   *
   * @param rows by method, batch and seed, in the order of the plan
   * @param baseTextLoss of the model without edits
   * @param reused how many of the rows an earlier run had measured
   */
  public record Measured(List<EditingRow> rows, double baseTextLoss, int reused) {

    /** Makes the list unmodifiable. */
    public Measured {
      rows = List.copyOf(rows);
    }
  }

  /**
   * Runs a study, or what is left of it.
   *
   * @param out directory of everything it makes; absent, empty, or that of an earlier run
   * @param reference directory of the reference models
   * @param plan what to measure
   * @param listener told of every part
   * @return what was measured, now and before
   * @throws io.deltapress.format.BadInputException when the directory belongs to something else, or
   *     a model is unusable
   * @throws IOException when a file cannot be read or written
   */
  @SuppressWarnings("try") // locked for as long as the resource is open
  public static Measured run(Path out, Path reference, EditingPlan plan, StudyListener listener)
      throws IOException {
    try (StudyLock lock = StudyLock.take(out, ROWS)) {
      return new EditingStudy(out, reference, plan, listener).run();
    }
  }

  private Measured run() throws IOException {
    ResultLog<EditingRow.Key, EditingRow> log =
        ResultLog.open(out.resolve(ROWS), EditingRow.class, EditingRow::key);
    List<EditingRow> rows = new ArrayList<>();
    int reused = 0;
    try (NDManager manager = TensorRuntime.newManager();
        EditableModel model = EditableModel.open(manager, base)) {
      List<EditingRow.Key> keys = keys(model.baseDigest().hex());
      listener.begun(keys.size());
      double textLoss = new EditingMeasure(model, sequence(keys.get(0)), world).textLoss();
      for (EditingRow.Key key : keys) {
        EditingRow row = log.find(key).orElse(null);
        if (row == null) {
          row = row(model, key);
          log.add(row);
        } else {
          reused++;
        }
        rows.add(row);
        listener.done();
      }
      return new Measured(rows, textLoss, reused);
    }
  }

  private List<EditingRow.Key> keys(String digest) {
    List<EditingRow.Key> keys = new ArrayList<>();
    for (EditingMethod method : plan.methods()) {
      for (int batch : method.isRefitted() ? List.of(0) : plan.batches()) {
        for (long seed : plan.seeds()) {
          keys.add(
              new EditingRow.Key(
                  method,
                  batch,
                  seed,
                  digest,
                  plan.counts(),
                  plan.preserved(),
                  plan.heldOut(),
                  method.isTrained() ? plan.editorSteps() : 0));
        }
      }
    }
    return keys;
  }

  private EditSequence sequence(EditingRow.Key key) {
    return EditSequence.draw(world, key.seed(), plan.length(), plan.preserved(), plan.heldOut());
  }

  private EditingRow row(EditableModel model, EditingRow.Key key) throws IOException {
    EditSequence sequence = sequence(key);
    EditingMeasure measure = new EditingMeasure(model, sequence, world);
    String name =
        "%s %s, seed %d"
            .formatted(
                key.method().wireName(),
                key.batch() == 0 ? "all at once" : "by " + key.batch(),
                key.seed());
    try (Editor editor = editor(model, key.method(), sequence)) {
      return new EditingRun(
              model,
              editor,
              measure,
              sequence.edits(),
              key,
              edits -> listener.working("%s: %,d edits".formatted(name, edits)))
          .run();
    }
  }

  private Editor editor(EditableModel model, EditingMethod method, EditSequence sequence)
      throws IOException {
    return switch (method) {
      case WHITENED, WHITENED_REFITTED -> Editors.preserving(sequence.preserved());
      case FINE_TUNING, ULTRAEDIT -> Editors.open(method.wireName(), model);
      case MEND -> Editors.open(reference.resolve(SHIPPED_EDITOR).toString(), model);
      case MALMEN -> Editors.open(trained(method).toString(), model);
    };
  }

  /** Trains an editor the first time, on edits of the world that are not those of the sequences. */
  private Path trained(EditingMethod method) throws IOException {
    Path editor = out.resolve("editors").resolve(method.wireName() + "-" + plan.editorSteps());
    if (!Files.exists(editor)) {
      listener.working("training " + method.wireName());
      EditorTrainer.run(
          new EditorOptions(
              base,
              reference.resolve(TRAINING_EDITS),
              editor,
              1,
              TrainingRecipe.editor().withSteps(plan.editorSteps()),
              STATE_EVERY_STEPS,
              EditorSettings.of(EditorMethod.ofWireName(method.wireName()))),
          TrainingListener.none());
    }
    return editor;
  }
}
