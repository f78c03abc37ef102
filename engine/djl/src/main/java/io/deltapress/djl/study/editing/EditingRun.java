package io.deltapress.djl.study.editing;

import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.djl.edit.EditListener;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.Editor;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/** Puts one sequence of edits on a model and measures it on the way. */
final class EditingRun {

  /** Below this share nothing is left to measure. */
  private static final double NOTHING = 0.02;

  private final EditableModel model;
  private final Editor editor;
  private final EditingMeasure measure;
  private final List<EditRequest> edits;
  private final EditingRow.Key key;
  private final IntConsumer progress;
  private final List<EditingRow.Point> points = new ArrayList<>();
  private double milliseconds;
  private long bytes;

  /**
   * Prepares a run.
   *
   * @param model its edits are taken off first
   * @param editor that has not edited yet
   * @param progress told how many edits are on
   */
  EditingRun(
      EditableModel model,
      Editor editor,
      EditingMeasure measure,
      List<EditRequest> edits,
      EditingRow.Key key,
      IntConsumer progress) {
    this.model = model;
    this.editor = editor;
    this.measure = measure;
    this.edits = edits;
    this.key = key;
    this.progress = progress;
  }

  EditingRow run() throws IOException {
    model.takeOffAll();
    boolean answersSomething = measure.locality() >= NOTHING;
    String stopped = "";
    for (int count : key.counts()) {
      stopped = key.method().isRefitted() ? refit(count) : goOn(count);
      if (stopped.isEmpty()) {
        stopped = measured(count, answersSomething);
      }
      if (!stopped.isEmpty()) {
        break;
      }
    }
    model.takeOffAll();
    return new EditingRow(key, points, stopped);
  }

  private String measured(int count, boolean answeredSomething) {
    EditingRow.Point point = measure.after(count, milliseconds / count, (double) bytes / count);
    points.add(point);
    return answeredSomething && point.success() < NOTHING && point.locality() < NOTHING
        ? String.format(Locale.ROOT, "nothing was left after %,d edits", count)
        : "";
  }

  private String refit(int count) throws IOException {
    model.takeOffAll();
    milliseconds = 0;
    bytes = 0;
    return putOn(edits.subList(0, count));
  }

  /** Batches end where something is measured, so the first ones may be smaller. */
  private String goOn(int count) throws IOException {
    String stopped = "";
    while (model.live().size() < count && stopped.isEmpty()) {
      int from = model.live().size();
      stopped = putOn(edits.subList(from, Math.min(from + key.batch(), count)));
    }
    return stopped;
  }

  private String putOn(List<EditRequest> batch) throws IOException {
    long started = System.nanoTime();
    try {
      for (ComputedEdit edit : editor.edit(model, batch, EditListener.none())) {
        model.putOn(edit);
        bytes += edit.bytes();
      }
    } catch (BadInputException e) {
      return String.format(Locale.ROOT, "after %,d edits: %s", model.live().size(), e.getMessage());
    }
    milliseconds += (System.nanoTime() - started) / 1e6;
    progress.accept(model.live().size());
    return "";
  }
}
