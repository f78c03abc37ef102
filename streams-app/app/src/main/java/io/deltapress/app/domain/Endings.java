package io.deltapress.app.domain;

import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ends of a submission that are not a version, and the records that tell of them. */
final class Endings {
  private Endings() {}

  /**
   * A failure of ours.
   *
   * @param errorClass of the failure, if it was an exception
   */
  record Fault(ReasonCode reason, String message, @Nullable String errorClass, int attempts) {}

  /** Rejects a request that was never in work; the delta in work goes on. */
  static Decision refuse(
      ModelState model, DeltaRequest request, ReasonCode reason, String message, Instant now) {
    return new Decision(
        model,
        rejection(request, 0, reason, message, now),
        List.of(new Decision.Ended(request, Ending.REJECTED)));
  }

  /** Rejects the delta in work. */
  static Decision reject(
      ModelState model, DeltaState delta, ReasonCode reason, String message, Instant now) {
    return new Decision(
        model.withoutDelta(),
        rejection(delta.request(), delta.announced(), reason, message, now),
        List.of(new Decision.Ended(delta.request(), Ending.REJECTED)));
  }

  /** Ends the delta in work, if any, because of a newer request. */
  static Decision supersede(ModelState model, DeltaRequest newer, Instant now) {
    DeltaState delta = model.delta();
    if (delta == null) {
      return Decision.nothing(model);
    }
    String message =
        "superseded by submission %s before it was published".formatted(newer.submissionId());
    List<Output> outputs = new ArrayList<>();
    outputs.add(rejected(delta.request(), ReasonCode.SUPERSEDED, message, now));
    outputs.addAll(
        new Announcer(delta.request(), delta.announced(), now)
            .say(EventTypes.DELTA_SUPERSEDED, message)
            .events());
    return new Decision(
        model.withoutDelta(),
        outputs,
        List.of(new Decision.Ended(delta.request(), Ending.SUPERSEDED)));
  }

  /** Ends the delta in work as a dead letter. */
  static Decision deadLetter(ModelState model, DeltaState delta, Fault fault, Instant now) {
    DeltaRequest request = delta.request();
    List<Output> outputs = new ArrayList<>();
    outputs.add(new Output(request.modelKey(), letter(request, fault, now)));
    outputs.addAll(
        new Announcer(request, delta.announced(), now)
            .say(EventTypes.DELTA_DEAD_LETTERED, fault.message())
            .events());
    return new Decision(
        model.withoutDelta(), outputs, List.of(new Decision.Ended(request, Ending.DEAD_LETTERED)));
  }

  private static List<Output> rejection(
      DeltaRequest request, int announced, ReasonCode reason, String message, Instant now) {
    List<Output> outputs = new ArrayList<>();
    outputs.add(rejected(request, reason, message, now));
    outputs.addAll(
        new Announcer(request, announced, now).say(EventTypes.DELTA_REJECTED, message).events());
    return outputs;
  }

  private static Output rejected(
      DeltaRequest request, ReasonCode reason, String message, Instant now) {
    RequestSource source = request.source();
    return new Output(
        request.modelKey(),
        Rejection.newBuilder()
            .setSubmissionId(request.submissionId())
            .setTenant(request.tenant())
            .setModel(request.model())
            .setReasonCode(reason.name())
            .setMessage(message)
            .setRequestedBy(request.requestedBy())
            .setInputTopic(source.topic())
            .setInputPartition(source.partition())
            .setInputOffset(source.offset())
            .setRejectedAt(now)
            .build());
  }

  /** Rejects a submission that never became a request; its names are not to be trusted. */
  static Output rejected(
      DeltaSubmission submission, RequestSource source, Verdict.Invalid verdict, Instant now) {
    return new Output(
        submission.getTenant() + "/" + submission.getModel(),
        Rejection.newBuilder()
            .setSubmissionId(submission.getSubmissionId())
            .setTenant(submission.getTenant())
            .setModel(submission.getModel())
            .setReasonCode(verdict.reason().name())
            .setMessage(verdict.message())
            .setRequestedBy(submission.getRequestedBy())
            .setInputTopic(source.topic())
            .setInputPartition(source.partition())
            .setInputOffset(source.offset())
            .setRejectedAt(now)
            .build());
  }

  private static DeadLetter letter(DeltaRequest request, Fault fault, Instant now) {
    RequestSource source = request.source();
    return DeadLetter.newBuilder()
        .setSubmissionId(request.submissionId())
        .setTenant(request.tenant())
        .setModel(request.model())
        .setInputTopic(source.topic())
        .setInputPartition(source.partition())
        .setInputOffset(source.offset())
        .setRecordSha256(null)
        .setReasonCode(fault.reason().name())
        .setMessage(fault.message())
        .setErrorClass(fault.errorClass())
        .setAttempts(fault.attempts())
        .setDeadLetteredAt(now)
        .build();
  }
}
