package io.deltapress.app.domain;

/** Where a delta stands. There is no phase after the last: a published delta has left the state. */
public enum Phase {
  /** Its base is not known to be usable yet. */
  PARKED,
  /** Waits for a window to issue its survey. */
  READY,
  /** A worker reads headers. */
  SURVEYING,
  /** A worker fits the rescale factor of the rung being tried. */
  CALIBRATING,
  /** A worker measures the rung being tried. */
  MEASURING,
  /** Workers prune shards. */
  PRUNING,
  /** Its artifact is ready; it waits for edits that were accepted before it. */
  ASSEMBLED,
  /** Its artifact is ready; workers put the live edits on it. */
  REPLAYING
}
