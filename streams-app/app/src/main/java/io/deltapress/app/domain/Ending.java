package io.deltapress.app.domain;

/** How a submission may end. */
public enum Ending {
  /** It became a version. */
  PUBLISHED,
  /** It was rejected: the fault is in the request. */
  REJECTED,
  /** A newer submission of its model took its place; this too is told as a rejection. */
  SUPERSEDED,
  /** It became a dead letter: the fault is ours. */
  DEAD_LETTERED
}
