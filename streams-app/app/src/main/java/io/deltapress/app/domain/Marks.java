package io.deltapress.app.domain;

import io.deltapress.schemas.ReasonCode;
import java.util.Optional;

/** Tells new requests from repeated ones by the marks that earlier ones left. */
final class Marks {
  private final PlanningLedger ledger;

  Marks(PlanningLedger ledger) {
    this.ledger = ledger;
  }

  /** What a request is. */
  sealed interface Arrival {
    /** It never came before. */
    record New() implements Arrival {}

    /** It came before, the same: it is dropped. */
    record Repeated() implements Arrival {}

    /** It is not carried out. */
    record Refused(Refusal refusal) implements Arrival {}
  }

  /**
   * Notes that a request came.
   *
   * @param broken the rule that it breaks in itself, if it does
   */
  Arrival note(UncheckedRequest request, SubmissionMark mark, Optional<Refusal> broken) {
    String key = request.markKey();
    if (broken.isPresent()) {
      // Its id is not used up: it may come again, corrected, or from a topic that may name it.
      String brokenKey =
          "%s/broken/%s/%s".formatted(key, request.source().topic(), mark.fingerprint());
      if (ledger.mark(brokenKey).isPresent()) {
        return new Arrival.Repeated();
      }
      ledger.keep(brokenKey, mark);
      return new Arrival.Refused(broken.get());
    }
    Optional<SubmissionMark> earlier = ledger.mark(key);
    if (earlier.isPresent()) {
      return earlier.get().fingerprint().equals(mark.fingerprint())
          ? new Arrival.Repeated()
          : new Arrival.Refused(reused(request, earlier.get()));
    }
    ledger.keep(key, mark);
    return new Arrival.New();
  }

  private static Refusal reused(UncheckedRequest request, SubmissionMark earlier) {
    if (earlier.isErased()) {
      return new Refusal(
          ReasonCode.ERASED,
          "edit %s was erased because a person asked for it and is not made again: choose a new id if it"
                  .formatted(Names.forMessage(request.submissionId()))
              + " is meant");
    }
    return new Refusal(
        ReasonCode.DUPLICATE_SUBMISSION,
        "submission id %s was used at %s for another request: choose a new id"
            .formatted(Names.forMessage(request.submissionId()), earlier.seenAt()));
  }
}
