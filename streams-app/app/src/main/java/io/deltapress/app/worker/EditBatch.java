package io.deltapress.app.worker;

import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.djl.edit.EditListener;
import io.deltapress.djl.edit.EditMeasure;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditScores;
import io.deltapress.djl.edit.Editor;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EditVerdict;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The new edits of one run, and what becomes of each: all are computed together and put on the
 * model, those that do not give their whole target are taken off again, and the rest is measured
 * anew, so that what stays on the model is what was measured.
 */
final class EditBatch {
  private static final int MOST_PASSES = 3;

  private final EditedModel model;
  private final ProgressListener progress;
  private final Map<String, Edit> edits = new LinkedHashMap<>();

  EditBatch(EditedModel model, ProgressListener progress) {
    this.model = model;
    this.progress = progress;
  }

  /** One edit of the batch, as far as it has come. */
  static final class Edit {
    private final String id;
    private boolean isOn;
    private EditVerdict verdict = EditVerdict.APPLIED;
    private @Nullable String reason;
    private @Nullable EditRequest request;
    private @Nullable ComputedEdit computed;
    private @Nullable EditScores before;
    private @Nullable EditScores after;

    private Edit(String id) {
      this.id = id;
    }

    String id() {
      return id;
    }

    EditVerdict verdict() {
      return verdict;
    }

    /** Why it was not applied; null if it was. */
    @Nullable String reason() {
      return reason;
    }

    /** What is on the model; null unless it was applied. */
    @Nullable ComputedEdit computed() {
      return verdict == EditVerdict.APPLIED ? computed : null;
    }

    @Nullable EditScores before() {
      return before;
    }

    @Nullable EditScores after() {
      return after;
    }

    double milliseconds() {
      return computed == null ? 0 : computed.milliseconds();
    }

    private boolean open() {
      return verdict == EditVerdict.APPLIED;
    }

    private void ends(EditVerdict how, String why) {
      verdict = how;
      reason = why;
    }
  }

  /** Takes in the requests, and refuses those that are none. */
  void take(List<EditSubmission> submissions) {
    Map<String, Edit> lastOfPrompt = new HashMap<>();
    for (EditSubmission submission : submissions) {
      Edit edit = new Edit(submission.getEditId());
      edits.put(edit.id, edit);
      try {
        edit.request = EditRequests.of(submission);
      } catch (IllegalArgumentException e) {
        edit.ends(EditVerdict.REFUSED, Outcomes.line(String.valueOf(e.getMessage())));
        continue;
      }
      Edit earlier = lastOfPrompt.put(submission.getPrompt().strip(), edit);
      if (earlier != null) {
        // Computed together, two answers to one prompt would spoil each other.
        earlier.ends(
            EditVerdict.INEFFECTIVE,
            "edit %s, asked for later in the same batch, answers the same prompt"
                .formatted(edit.id));
      }
    }
  }

  List<Edit> edits() {
    return List.copyOf(edits.values());
  }

  /** Whether a new edit is on the model. */
  boolean hasApplied() {
    return !open().isEmpty();
  }

  private List<Edit> open() {
    return edits.values().stream().filter(Edit::open).toList();
  }

  /** Measures the edits on the model as it is, and refuses those that it cannot be given. */
  @Nullable EditMeasure measureBefore() {
    if (open().isEmpty()) {
      return null;
    }
    EditMeasure measure;
    try {
      measure = new EditMeasure(model.model(), requests(open()));
    } catch (BadInputException e) {
      open().forEach(this::requireMeasurable);
      return measureBefore();
    }
    List<Edit> measured = open();
    for (int i = 0; i < measured.size(); i++) {
      measured.get(i).before = measure.before().get(i);
    }
    return measure;
  }

  private void requireMeasurable(Edit edit) {
    try {
      new EditMeasure(model.model(), requests(List.of(edit)));
    } catch (BadInputException e) {
      refuse(edit, e);
    }
  }

  private static void refuse(Edit edit, BadInputException why) {
    edit.ends(
        EditVerdict.REFUSED,
        Outcomes.line(EditRequests.withoutText(edit.request, String.valueOf(why.getMessage()))));
  }

  private static List<EditRequest> requests(List<Edit> edits) {
    return edits.stream().map(edit -> edit.request).toList();
  }

  /**
   * Computes the edits together, puts them on, and measures. What does not give its whole target
   * yet is computed again on top of itself, a few times at most, and then left out.
   *
   * @param measure what {@link #measureBefore} gave
   * @param measured the edits it is of, in order
   */
  void compute(Editor editor, EditMeasure measure, List<Edit> measured, Stages stages)
      throws IOException {
    List<Edit> toCompute = open();
    for (int pass = 1; pass <= MOST_PASSES && !toCompute.isEmpty(); pass++) {
      compute(editor, toCompute);
      stages.ended("compute");
      putOn();
      stages.ended("put on");
      measureAfter(measure, measured);
      toCompute = ineffective();
      stages.ended("measure after");
    }
    settle(measure, measured);
    stages.ended("measure after");
  }

  /** An edit that was left out keeps the scores it had when it was on. */
  private void measureAfter(EditMeasure measure, List<Edit> measured) {
    List<EditScores> after = measure.after();
    for (int i = 0; i < measured.size(); i++) {
      Edit edit = measured.get(i);
      if (edit.open() || edit.verdict == EditVerdict.ALREADY_TRUE) {
        edit.after = after.get(i);
      }
    }
  }

  /** Those that are on the model, which does not give their whole target. */
  private List<Edit> ineffective() {
    return open().stream()
        .filter(edit -> edit.after == null || edit.after.rewriteAccuracy() < 1)
        .toList();
  }

  private void compute(Editor editor, List<Edit> batch) throws IOException {
    try {
      computeTogether(editor, batch);
    } catch (BadInputException e) {
      // One by one, so that only the bad ones fail.
      for (Edit edit : batch) {
        computeAlone(editor, edit);
      }
    }
  }

  private void computeAlone(Editor editor, Edit edit) throws IOException {
    try {
      computeTogether(editor, List.of(edit));
    } catch (BadInputException e) {
      takeOff(edit);
      refuse(edit, e);
    }
  }

  private void computeTogether(Editor editor, List<Edit> batch) throws IOException {
    // An interrupted task ends at the next edit.
    EditListener listener = (edit, done, total) -> progress.advanced(0);
    List<ComputedEdit> computed = editor.edit(model.model(), requests(batch), listener);
    for (int i = 0; i < batch.size(); i++) {
      Edit edit = batch.get(i);
      edit.computed =
          edit.computed == null ? computed.get(i) : ShiftSum.of(edit.computed, computed.get(i));
    }
  }

  /** Puts on what was computed, in order; what is true already or not finite is left out. */
  private void putOn() throws IOException {
    edits.values().forEach(this::takeOff);
    for (Edit edit : open()) {
      ComputedEdit computed = edit.computed;
      if (computed == null) {
        throw new IllegalStateException("edit %s was not computed".formatted(edit.id));
      }
      if (computed.alreadyTrue()) {
        edit.ends(EditVerdict.ALREADY_TRUE, "the model gives this answer already");
      } else if (!isFinite(computed)) {
        edit.ends(EditVerdict.REFUSED, "what was computed is not finite; the editor failed on it");
      } else {
        putOn(edit, computed);
      }
    }
  }

  private void putOn(Edit edit, ComputedEdit computed) throws IOException {
    try {
      model.putOn(computed);
      edit.isOn = true;
    } catch (BadInputException e) {
      refuse(edit, e);
    }
  }

  private void takeOff(Edit edit) {
    if (edit.isOn) {
      model.takeOff(edit.id);
      edit.isOn = false;
    }
  }

  private static boolean isFinite(ComputedEdit edit) {
    return edit.shifts().stream().allMatch(LowRankShift::isFinite);
  }

  /**
   * Takes off what does not work, until every edit that is on the model gives its target: one that
   * is taken off may have held up another, or kept it down.
   */
  private void settle(EditMeasure measure, List<Edit> measured) {
    List<Edit> failing = ineffective();
    while (!failing.isEmpty()) {
      progress.advanced(0);
      for (Edit edit : failing) {
        takeOff(edit);
        edit.ends(
            EditVerdict.INEFFECTIVE,
            "with the edit the model still does not give the whole answer");
      }
      measureAfter(measure, measured);
      failing = ineffective();
    }
  }
}
