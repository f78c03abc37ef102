package io.deltapress.app.domain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of a base.
 *
 * @param candidate the registration being checked; null if none is
 * @param task of the check; null if there is no candidate
 * @param usable the last registration that was found right; null if none was
 * @param echoes records written and not yet read back: the topic that is written is also read
 * @param announced events so far
 */
public record BaseState(
    String digest,
    @Nullable BaseEntry candidate,
    @Nullable TaskState task,
    @Nullable BaseEntry usable,
    List<BaseEntry> echoes,
    int announced) {
  /** Compaction may take an echo away before it is read; what is older than these is forgotten. */
  private static final int MOST_ECHOES = 16;

  /** Copies the echoes, so that the state is immutable. */
  public BaseState {
    echoes = List.copyOf(echoes);
  }

  static BaseState unheardOf(String digest) {
    return new BaseState(digest, null, null, null, List.of(), 0);
  }

  BaseState checking(BaseEntry entry, TaskState check) {
    return new BaseState(digest, entry, check, usable, echoes, announced);
  }

  BaseState waitingFor(TaskState check) {
    return new BaseState(digest, candidate, check, usable, echoes, announced);
  }

  /** After a verdict was written and announced. */
  BaseState settled(@Nullable BaseEntry found, BaseEntry written) {
    List<BaseEntry> more = new ArrayList<>(echoes);
    more.add(written);
    List<BaseEntry> kept = more.subList(Math.max(0, more.size() - MOST_ECHOES), more.size());
    return new BaseState(digest, null, null, found, kept, announced + 1);
  }

  /** After the check was given up. */
  BaseState givenUp() {
    return new BaseState(digest, null, null, usable, echoes, announced);
  }

  boolean expectsEcho(BaseEntry entry) {
    return echoes.contains(entry);
  }

  BaseState withoutEcho(BaseEntry entry) {
    List<BaseEntry> fewer = new ArrayList<>(echoes);
    fewer.remove(entry);
    return new BaseState(digest, candidate, task, usable, fewer, announced);
  }
}
