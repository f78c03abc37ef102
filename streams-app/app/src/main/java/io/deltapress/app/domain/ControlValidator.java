package io.deltapress.app.domain;

import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Decides whether a control request is right in itself, whatever the state of its model. */
public final class ControlValidator {
  private static final int LONGEST_REASON = 500;
  private static final int MOST_EDITS = 256;

  /** Rules in the order in which a person would want to hear of them. */
  private static final List<Function<ControlRequest, Optional<Refusal>>> RULES =
      List.of(
          ControlValidator::action,
          ControlValidator::reason,
          ControlValidator::edits,
          ControlValidator::dataSubject,
          ControlValidator::submission,
          ControlValidator::version,
          request -> RequestRules.expectedVersion(request.getExpectedVersion()));

  private final RequestRules requestRules;

  public ControlValidator(TenantRule tenantRule) {
    this.requestRules = new RequestRules(tenantRule, "request id", "control-topics");
  }

  /** The first rule that is broken. */
  public Optional<Refusal> broken(ControlRequest request, RequestSource source) {
    return requestRules.broken(UncheckedRequest.of(request, source), RULES, request);
  }

  private static Optional<Refusal> action(ControlRequest request) {
    return request.getAction() == ControlAction.UNKNOWN
        ? RequestRules.invalid(
            "action is unknown to this release: use REVERT, ROLLBACK, CANCEL, ERASE, SQUASH or REFIT")
        : Optional.empty();
  }

  private static Optional<Refusal> reason(ControlRequest request) {
    int length = request.getReason().length();
    if (request.getReason().isBlank()) {
      return RequestRules.invalid("reason is empty: say why in one sentence");
    }
    return length <= LONGEST_REASON
        ? Optional.empty()
        : RequestRules.invalid(
            "reason has %d characters: use at most %d".formatted(length, LONGEST_REASON));
  }

  private static Optional<Refusal> edits(ControlRequest request) {
    List<String> ids = request.getEditIds();
    boolean none = ids.isEmpty() && request.getDataSubject() == null;
    boolean takesBack =
        request.getAction() == ControlAction.REVERT || request.getAction() == ControlAction.ERASE;
    if (takesBack && none) {
      return RequestRules.invalid(
          "%s names no edit: list them in editIds".formatted(request.getAction()));
    }
    if (ids.size() > MOST_EDITS) {
      return RequestRules.invalid(
          "editIds has %d entries: use at most %d".formatted(ids.size(), MOST_EDITS));
    }
    return ids.stream()
        .map(id -> RequestRules.id("edit id", id))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Refusal> dataSubject(ControlRequest request) {
    String subject = request.getDataSubject();
    if (subject == null) {
      return Optional.empty();
    }
    return request.getAction() == ControlAction.ERASE && request.getEditIds().isEmpty()
        ? RequestRules.id("dataSubject", subject)
        : RequestRules.invalid("dataSubject goes with ERASE alone, and instead of editIds");
  }

  private static Optional<Refusal> submission(ControlRequest request) {
    if (request.getAction() != ControlAction.CANCEL) {
      return Optional.empty();
    }
    String id = request.getSubmissionId();
    return id == null
        ? RequestRules.invalid("CANCEL names nothing: say what in submissionId")
        : RequestRules.id("submission id", id);
  }

  private static Optional<Refusal> version(ControlRequest request) {
    Integer version = request.getVersion();
    return request.getAction() != ControlAction.ROLLBACK || (version != null && version >= 1)
        ? Optional.empty()
        : RequestRules.invalid("ROLLBACK names no version: use the number of a published one");
  }
}
