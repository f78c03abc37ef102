package io.deltapress.follower.report;

import io.deltapress.follower.materialise.LoadedVersion;
import io.deltapress.schemas.topic.ModelKey;

/**
 * Told in-process of what a follower does. Called by the thread that loads, one model at a time;
 * must return soon and throw nothing.
 */
public interface FollowerListener {

  /** A listener that ignores everything. */
  static FollowerListener none() {
    return new FollowerListener() {};
  }

  /** A version is being fetched and built. */
  default void loading(ModelKey model, int version) {}

  /** A version is there and served. Told once for each version that becomes the served one. */
  default void loaded(LoadedVersion version) {}

  /**
   * A version could not be loaded; what was served still is. It is tried again later.
   *
   * @param message one line: what, where, what to do
   */
  default void failed(ModelKey model, int version, String message) {}

  /**
   * A head is not loaded for now, or for good, because of what the serving topics say: it is
   * revoked, or a record it needs is not there yet or unreadable.
   *
   * @param version the head, 0 if that is not known
   * @param reason one line
   */
  default void skipped(ModelKey model, int version, String reason) {}
}
