package io.deltapress.app.cli;

import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.format.BadInputException;
import io.deltapress.format.FormatException;
import io.deltapress.format.IntegrityException;
import io.deltapress.schemas.ReasonCode;
import java.util.Set;

/** How the end of a submission becomes an exit code. */
final class SubmissionEnd {
  private static final Set<String> INTEGRITY =
      Set.of(ReasonCode.BASE_DIGEST_MISMATCH.name(), ReasonCode.FINE_TUNED_DIGEST_MISMATCH.name());

  private SubmissionEnd() {}

  /**
   * Returns if it did what was asked, and throws what fits otherwise.
   *
   * @param request what it is called, such as {@code submission 17}
   */
  static void check(String request, SubmissionOutcome outcome) throws FormatException {
    if (outcome instanceof SubmissionOutcome.Rejected rejected) {
      String line = line(request, "rejected", rejected.reasonCode(), rejected.message());
      if (INTEGRITY.contains(rejected.reasonCode())) {
        throw new IntegrityException(line);
      }
      throw new BadInputException(line);
    }
    if (outcome instanceof SubmissionOutcome.DeadLettered dead) {
      throw new CommandFailedException(
          line(request, "became a dead letter", dead.reasonCode(), dead.message()));
    }
  }

  private static String line(String request, String ending, String reasonCode, String message) {
    return "%s %s, %s: %s"
        .formatted(Printable.of(request), ending, Printable.of(reasonCode), Printable.of(message));
  }
}
