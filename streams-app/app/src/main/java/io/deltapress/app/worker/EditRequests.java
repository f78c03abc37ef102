package io.deltapress.app.worker;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditScores;
import io.deltapress.djl.edit.Probe;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.EditProbe;
import io.deltapress.schemas.EditSubmission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Edits between the wire and the engine. */
final class EditRequests {
  private EditRequests() {}

  /**
   * A request as editors take it.
   *
   * @throws IllegalArgumentException saying what is missing, without any of its text
   */
  static EditRequest of(EditSubmission submission) {
    return new EditRequest(
        submission.getEditId(),
        submission.getPrompt(),
        submission.getTarget(),
        submission.getSubject(),
        submission.getGroundTruth(),
        submission.getRephrasings(),
        probes(submission.getLocality()),
        probes(submission.getPortability()));
  }

  /** What tells whether an edit holds, and no more. */
  static EditRequest rewriteOf(EditSubmission submission) {
    return EditRequest.of(submission.getEditId(), submission.getPrompt(), submission.getTarget());
  }

  private static List<Probe> probes(List<EditProbe> probes) {
    return probes.stream().map(probe -> new Probe(probe.getPrompt(), probe.getAnswer())).toList();
  }

  /** Scores as the wire carries them. */
  static io.deltapress.schemas.@Nullable EditScores wire(@Nullable EditScores scores) {
    return scores == null
        ? null
        : new io.deltapress.schemas.EditScores(
            scores.rewriteAccuracy(),
            scores.rephraseAccuracy(),
            scores.locality(),
            scores.portability());
  }

  /** A message about a request with the words of the request, as messages quote them, left out. */
  static String withoutText(@Nullable EditRequest request, String message) {
    String kept = message;
    if (request != null) {
      kept = without(kept, request.target());
      kept = without(kept, request.prompt());
      for (String rephrasing : request.rephrasings()) {
        kept = without(kept, rephrasing);
      }
      for (List<Probe> probes : List.of(request.locality(), request.portability())) {
        for (Probe probe : probes) {
          kept = without(kept, probe.prompt());
          kept = probe.answer() == null ? kept : without(kept, probe.answer());
        }
      }
    }
    return kept;
  }

  private static String without(String message, String text) {
    return message.replace(BadInputException.quote(text), "'…'");
  }
}
