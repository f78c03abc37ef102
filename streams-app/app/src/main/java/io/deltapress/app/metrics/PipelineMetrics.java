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

  /** Something ended as a dead letter. */
  void deadLettered(String reasonCode);

  /** Counts nothing. */
  static PipelineMetrics none() {
    return new UncountedPipelineMetrics();
  }
}
