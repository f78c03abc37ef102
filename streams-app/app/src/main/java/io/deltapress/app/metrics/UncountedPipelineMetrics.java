package io.deltapress.app.metrics;

/** Counts nothing. */
final class UncountedPipelineMetrics implements PipelineMetrics {
  @Override
  public void submissionAccepted() {}

  @Override
  public void submissionRepeated() {}

  @Override
  public void submissionRejected(String reasonCode) {}

  @Override
  public void taskIssued() {}

  @Override
  public void taskReissued() {}

  @Override
  public void resultDropped() {}

  @Override
  public void versionPublished() {}

  @Override
  public void editAccepted() {}

  @Override
  public void editApplied() {}

  @Override
  public void editRejected() {}

  @Override
  public void editsBatched(int edits) {}

  @Override
  public void editsLive(int edits) {}

  @Override
  public void deadLettered(String reasonCode) {}
}
