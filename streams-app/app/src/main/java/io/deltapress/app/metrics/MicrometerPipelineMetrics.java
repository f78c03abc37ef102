package io.deltapress.app.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

/** Counters of Micrometer; the one label is a reason code, of which there are few. */
public final class MicrometerPipelineMetrics implements PipelineMetrics {
  private static final String REASON_LABEL = "reason";

  private final MeterRegistry registry;
  private final Counter accepted;
  private final Counter repeated;
  private final Counter issued;
  private final Counter reissued;
  private final Counter dropped;
  private final Counter published;
  private final Counter editsAccepted;
  private final Counter editsApplied;
  private final Counter editsRejected;
  private final DistributionSummary batchSizes;
  private final DistributionSummary liveEdits;

  /** Registers the counters, so that each is there from the start with zero. */
  public MicrometerPipelineMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.accepted = registry.counter("deltapress.submissions.accepted");
    this.repeated = registry.counter("deltapress.submissions.repeated");
    this.issued = registry.counter("deltapress.tasks.issued");
    this.reissued = registry.counter("deltapress.tasks.reissued");
    this.dropped = registry.counter("deltapress.results.dropped");
    this.published = registry.counter("deltapress.versions.published");
    this.editsAccepted = registry.counter("deltapress.edits.accepted");
    this.editsApplied = registry.counter("deltapress.edits.applied");
    this.editsRejected = registry.counter("deltapress.edits.rejected");
    this.batchSizes = registry.summary("deltapress.edits.batch.size");
    this.liveEdits = registry.summary("deltapress.edits.live");
  }

  @Override
  public void submissionAccepted() {
    accepted.increment();
  }

  @Override
  public void submissionRepeated() {
    repeated.increment();
  }

  @Override
  public void submissionRejected(String reasonCode) {
    registry.counter("deltapress.submissions.rejected", REASON_LABEL, reasonCode).increment();
  }

  @Override
  public void taskIssued() {
    issued.increment();
  }

  @Override
  public void taskReissued() {
    reissued.increment();
  }

  @Override
  public void resultDropped() {
    dropped.increment();
  }

  @Override
  public void versionPublished() {
    published.increment();
  }

  @Override
  public void editAccepted() {
    editsAccepted.increment();
  }

  @Override
  public void editApplied() {
    editsApplied.increment();
  }

  @Override
  public void editRejected() {
    editsRejected.increment();
  }

  @Override
  public void editsBatched(int edits) {
    batchSizes.record(edits);
  }

  @Override
  public void editsLive(int edits) {
    liveEdits.record(edits);
  }

  @Override
  public void deadLettered(String reasonCode) {
    registry.counter("deltapress.dead.letters", REASON_LABEL, reasonCode).increment();
  }
}
