package io.deltapress.app.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of the edits of a model besides the edits themselves.
 *
 * @param lastOrder the highest place ever given to an edit or a command
 * @param lastPosition the highest place ever given in a list
 * @param lastRun the highest number ever given to a task
 * @param events how many events were told; numbers the next one
 * @param queued how many edits wait
 * @param waiting commands that wait, by order
 * @param batch what is in work; null if nothing is
 */
public record EditsState(
    int lastOrder,
    int lastPosition,
    int lastRun,
    int events,
    int queued,
    List<Command> waiting,
    @Nullable BatchState batch) {

  /** Copies the list, so that the state is immutable. */
  public EditsState {
    waiting = List.copyOf(waiting);
  }

  /** A model none of whose edits were ever heard of. */
  public static EditsState none() {
    return new EditsState(0, 0, 0, 0, 0, List.of(), null);
  }

  boolean isBusy() {
    return batch != null || queued > 0 || !waiting.isEmpty();
  }

  EditsState ordered() {
    return new EditsState(lastOrder + 1, lastPosition, lastRun, events, queued, waiting, batch);
  }

  EditsState positioned() {
    return new EditsState(lastOrder, lastPosition + 1, lastRun, events, queued, waiting, batch);
  }

  EditsState ran() {
    return new EditsState(lastOrder, lastPosition, lastRun + 1, events, queued, waiting, batch);
  }

  EditsState told() {
    return new EditsState(lastOrder, lastPosition, lastRun, events + 1, queued, waiting, batch);
  }

  EditsState queuing(int more) {
    return new EditsState(lastOrder, lastPosition, lastRun, events, queued + more, waiting, batch);
  }

  EditsState waitingFor(List<Command> commands) {
    return new EditsState(lastOrder, lastPosition, lastRun, events, queued, commands, batch);
  }

  EditsState with(@Nullable BatchState next) {
    return new EditsState(lastOrder, lastPosition, lastRun, events, queued, waiting, next);
  }
}
