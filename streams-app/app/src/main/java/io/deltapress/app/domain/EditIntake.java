package io.deltapress.app.domain;

import io.deltapress.app.domain.LedgerEdit.Standing;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ReasonCode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Accepts edits: gives each its place among the edits of its model, or says why not. */
final class EditIntake {
  private EditIntake() {}

  static void accept(ModelTurn turn, EditRequest request, Optional<EditRules> rules) {
    Optional<Refusal> refusal = refusal(turn, request, rules);
    if (refusal.isPresent()) {
      EditEndings.reject(
          turn, request, EventTypes.EDIT_REJECTED, refusal.get(), EditEndings.Numbers.NONE);
      return;
    }
    turn.keep(LedgerEdit.queued(turn.nextOrder(), request, turn.now()));
    turn.tell(request, EventTypes.EDIT_ACCEPTED, "accepted for " + request.modelKey());
  }

  private static Optional<Refusal> refusal(
      ModelTurn turn, EditRequest request, Optional<EditRules> rules) {
    if (rules.isEmpty()) {
      return Optional.of(notAllowed(request));
    }
    return conflict(turn, request)
        .or(() -> known(turn, request))
        .or(() -> foundation(turn, request))
        .or(() -> full(turn, request, rules.get()));
  }

  static Refusal notAllowed(ModelRequest request) {
    return new Refusal(
        ReasonCode.EDITS_NOT_ALLOWED,
        "no policy that covers %s says how its edits are made: set one with `edits` in it by `deltapress"
                .formatted(request.modelKey())
            + " policy set`");
  }

  /** Why the head is not the one that the request was made for; empty if it is. */
  static Optional<Refusal> conflict(ModelTurn turn, EditRequest request) {
    return VersionExpectation.broken(request, request.expectedVersion(), turn.model().headVersion())
        .map(message -> new Refusal(ReasonCode.VERSION_CONFLICT, message));
  }

  private static Optional<Refusal> known(ModelTurn turn, EditRequest request) {
    boolean isKnown =
        turn.find(request.submissionId()).isPresent()
            || turn.facts().retiredEdit(request.modelKey(), request.submissionId()).isPresent();
    return isKnown
        ? Optional.of(
            new Refusal(
                ReasonCode.DUPLICATE_SUBMISSION,
                "edit %s of %s was made before: choose a new id"
                    .formatted(request.submissionId(), request.modelKey())))
        : Optional.empty();
  }

  /** Why there is nothing to put the edit on; empty if there is, or will be. */
  static Optional<Refusal> foundation(ModelTurn turn, EditRequest request) {
    ModelState model = turn.model();
    Optional<String> missing = Foundation.missing(turn);
    if (missing.isPresent()) {
      return Optional.of(new Refusal(ReasonCode.NO_VERSION, missing.get()));
    }
    String wanted = request.baseDigest();
    if (model.headVersion() > 0) {
      return otherBase(turn, request);
    }
    if (wanted == null) {
      return model.delta() != null || model.edits().isBusy()
          ? Optional.empty()
          : Optional.of(
              new Refusal(
                  ReasonCode.NO_VERSION,
                  "%s has no version yet: submit a delta first, or name a base in baseDigest"
                      .formatted(model.key())));
    }
    return turn.facts().base(wanted).filter(BaseFact::isUsable).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                ReasonCode.NO_VERSION,
                "base %s is not registered, not checked yet or was refused: see `deltapress base ls`"
                    .formatted(wanted)));
  }

  private static Optional<Refusal> otherBase(ModelTurn turn, EditRequest request) {
    String wanted = request.baseDigest();
    String there = turn.head().map(ModelVersion::getBaseDigest).orElse("");
    return wanted == null || wanted.equals(there)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                ReasonCode.VERSION_CONFLICT,
                "%s is built on base %s and the edit insists on %s: leave baseDigest out to edit the head"
                    .formatted(request.modelKey(), there, wanted)));
  }

  private static Optional<Refusal> full(ModelTurn turn, EditRequest request, EditRules rules) {
    List<LedgerEdit> counted =
        turn.matching(edit -> edit.is(Standing.QUEUED) || edit.is(Standing.LIVE));
    Set<String> prompts =
        counted.stream().map(edit -> edit.request().promptKey()).collect(Collectors.toSet());
    prompts.add(request.promptKey());
    return prompts.size() <= rules.mostLive()
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                ReasonCode.TOO_MANY_EDITS,
                "%s has %d live or waiting edits and its policy allows %d: fold them into its delta with"
                        .formatted(request.modelKey(), counted.size(), rules.mostLive())
                    + " `deltapress squash`, or revert some"));
  }
}
