package io.deltapress.app.metrics;

/** What the topology counts. */
public interface PipelineMetrics {
  /** A submission was accepted for planning. */
  void submissionAccepted();

  /** A submission that came before was dropped. */
  void submissionRepeated();

  /** A submission was rejected. */
  void submissionRejected(String reasonCode);

  /** A task was given to workers for the first time. */
  void taskIssued();

  /** A task was given to workers once more. */
  void taskReissued();

  /** An answer nobody waited for any more was dropped. */
  void resultDropped();

  /** A version was published. */
  void versionPublished();

  /** An edit was accepted. */
  void editAccepted();

  /** An edit came into effect, in a version that it changed or without an artifact. */
  void editApplied();

  /** An edit was rejected or lost; the reason is counted with those of all submissions. */
  void editRejected();

  /** A batch of new edits was given to workers for the first time. */
  void editsBatched(int edits);

  /** A version was published that has so many live edits. */
  void editsLive(int edits);

  /** Something ended as a dead letter. */
  void deadLettered(String reasonCode);

  /** Counts nothing. */
  static PipelineMetrics none() {
    return new UncountedPipelineMetrics();
  }
}
