package io.deltapress.app.domain;

import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.ReasonCode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a run says of the edits it computed. */
final class EditVerdicts {
  private EditVerdicts() {}

  /** The outcomes by identity of the edit. */
  static Map<String, EditOutcome> outcomes(EditsRun run) {
    Map<String, EditOutcome> outcomes = new HashMap<>();
    run.getOutcomes().forEach(outcome -> outcomes.put(outcome.getEditId(), outcome));
    return outcomes;
  }

  /** Whether the edit is true with what the run made, or was true before. */
  static boolean holds(EditOutcome outcome) {
    return outcome.getVerdict() == EditVerdict.APPLIED
        || outcome.getVerdict() == EditVerdict.ALREADY_TRUE;
  }

  /** Why an edit was computed in vain. */
  static Refusal whyNot(EditOutcome outcome) {
    boolean refused = outcome.getVerdict() == EditVerdict.REFUSED;
    String reason =
        outcome.getReason() != null
            ? outcome.getReason()
            : refused
                ? "the edit could not be computed"
                : "the model still does not give the target as its answer: word the prompt as the"
                    + " model is asked, or add rephrasings";
    return new Refusal(refused ? ReasonCode.EDIT_REFUSED : ReasonCode.EDIT_INEFFECTIVE, reason);
  }

  /** Weights below the edits, as the run or an earlier one found them. */
  static @Nullable String foundationOf(BatchState batch, EditsRun run) {
    return run.getFoundationDigest() != null ? run.getFoundationDigest() : batch.foundationDigest();
  }
}
