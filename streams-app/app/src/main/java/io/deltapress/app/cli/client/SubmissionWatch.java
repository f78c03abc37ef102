package io.deltapress.app.cli.client;

import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Follows what becomes of requests that are sent after it was opened. One may end without an event
 * of its own, turned down before it was understood, so rejections and dead letters are read too.
 */
public final class SubmissionWatch implements AutoCloseable {
  private final RequestKind kind;
  private final Map<String, Integer> heads = new HashMap<>();
  private final TopicReader<RegistryEvent> events;
  private final TopicReader<Rejection> rejections;
  private final TopicReader<DeadLetter> deadLetters;

  /**
   * Opens a watch: what is written from now on is seen.
   *
   * @param kind of the requests whose ends are told
   */
  public SubmissionWatch(PipelineClient client, RequestKind kind) {
    this.kind = kind;
    this.events = client.open(Topics.REGISTRY_EVENTS).fromEnd();
    this.rejections = client.open(Topics.REJECTIONS).fromEnd();
    this.deadLetters = client.open(Topics.DEAD_LETTERS).fromEnd();
  }

  /**
   * What became of requests since the last call; waits up to a tenth of a second for news.
   *
   * @param onEvent told of every event, of any request
   * @param onEnd told of every request that ended
   */
  public void poll(Consumer<RegistryEvent> onEvent, EndListener onEnd) {
    for (Entry<RegistryEvent> entry : events.poll()) {
      RegistryEvent event = entry.value();
      onEvent.accept(event);
      tell(event, onEnd);
    }
    for (Entry<Rejection> entry : rejections.pollNow()) {
      Rejection rejection = entry.value();
      onEnd.ended(
          rejection.getSubmissionId(),
          new SubmissionOutcome.Rejected(rejection.getReasonCode(), rejection.getMessage()));
    }
    for (Entry<DeadLetter> entry : deadLetters.pollNow()) {
      DeadLetter letter = entry.value();
      if (letter.getSubmissionId() != null) {
        onEnd.ended(
            letter.getSubmissionId(),
            new SubmissionOutcome.DeadLettered(letter.getReasonCode(), letter.getMessage()));
      }
    }
  }

  private void tell(RegistryEvent event, EndListener onEnd) {
    String id = event.getSubmissionId();
    if (id == null) {
      return;
    }
    if (event.getType().equals(EventTypes.HEAD_MOVED) && event.getVersion() != null) {
      heads.put(id, event.getVersion());
    }
    kind.endToldBy(event).ifPresent(end -> onEnd.ended(id, withVersion(id, end)));
  }

  /** The event that a request is done comes after that of the head it moved. */
  private SubmissionOutcome withVersion(String id, SubmissionOutcome end) {
    boolean untold = end instanceof SubmissionOutcome.Published told && told.version() == null;
    return untold ? new SubmissionOutcome.Published(heads.get(id)) : end;
  }

  /** Told how requests end. */
  @FunctionalInterface
  public interface EndListener {
    /** A request has ended. */
    void ended(String submissionId, SubmissionOutcome outcome);
  }

  @Override
  public void close() {
    events.close();
    rejections.close();
    deadLetters.close();
  }
}
