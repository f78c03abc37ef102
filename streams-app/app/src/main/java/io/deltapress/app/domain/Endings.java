package io.deltapress.app.domain;

import io.deltapress.schemas.DeadLetter;
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
  static Decision supersede(ModelState model, ModelRequest newer, Instant now) {
    DeltaState delta = model.delta();
    if (delta == null) {
      return Decision.nothing(model);
    }
    String message =
        "superseded by submission %s before it was published".formatted(newer.submissionId());
    return stop(
        model,
        delta,
        EventTypes.DELTA_SUPERSEDED,
        new Refusal(ReasonCode.SUPERSEDED, message),
        Ending.SUPERSEDED,
        now);
  }

  /** Ends the delta in work because a person said so. */
  static Decision cancel(ModelState model, DeltaState delta, Command command, Instant now) {
    return stop(
        model,
        delta,
        EventTypes.DELTA_CANCELLED,
        new Refusal(ReasonCode.CANCELLED, command.told("cancelled")),
        Ending.REJECTED,
        now);
  }

  private static Decision stop(
      ModelState model,
      DeltaState delta,
      String eventType,
      Refusal refusal,
      Ending ending,
      Instant now) {
    List<Output> outputs = new ArrayList<>();
    outputs.add(rejected(delta.request(), refusal, now));
    outputs.addAll(
        new Announcer(delta.request(), delta.announced(), now)
            .say(eventType, refusal.message())
            .events());
    return new Decision(
        model.withoutDelta(), outputs, List.of(new Decision.Ended(delta.request(), ending)));
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
    outputs.add(rejected(request, new Refusal(reason, message), now));
    outputs.addAll(
        new Announcer(request, announced, now).say(EventTypes.DELTA_REJECTED, message).events());
    return outputs;
  }

  /** The record that tells of a request that is not carried out. */
  static Output rejected(ModelRequest request, Refusal refusal, Instant now) {
    return new Output(request.modelKey(), rejection(request, refusal, now).build());
  }

  /** The same, to be completed with what was measured. */
  static Rejection.Builder rejection(ModelRequest request, Refusal refusal, Instant now) {
    RequestSource source = request.source();
    return Rejection.newBuilder()
        .setSubmissionId(request.submissionId())
        .setTenant(request.tenant())
        .setModel(request.model())
        .setReasonCode(refusal.reason().name())
        .setMessage(refusal.message())
        .setRequestedBy(request.requestedBy())
        .setInputTopic(source.topic())
        .setInputPartition(source.partition())
        .setInputOffset(source.offset())
        .setRejectedAt(now);
  }

  /** The record that tells of a request that the pipeline could not carry through. */
  static DeadLetter letter(ModelRequest request, Fault fault, Instant now) {
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
