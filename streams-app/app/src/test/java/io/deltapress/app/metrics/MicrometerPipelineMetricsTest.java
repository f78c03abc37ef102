package io.deltapress.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class MicrometerPipelineMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final PipelineMetrics metrics = new MicrometerPipelineMetrics(registry);

  @Test
  void shouldCountUnderItsNamesWhenThingsHappen() {
    // When
    metrics.submissionAccepted();
    metrics.submissionRepeated();
    metrics.submissionRejected("INVALID_NAME");
    metrics.taskIssued();
    metrics.taskReissued();
    metrics.resultDropped();
    metrics.versionPublished();
    metrics.deadLettered("WORKER_ERROR");
    metrics.editAccepted();
    metrics.editApplied();
    metrics.editRejected();
    metrics.editsBatched(3);
    metrics.editsLive(12);

    // Then
    assertThat(registry.scrape())
        .contains(
            "deltapress_submissions_accepted_total 1.0",
            "deltapress_submissions_repeated_total 1.0",
            "deltapress_submissions_rejected_total{reason=\"INVALID_NAME\"} 1.0",
            "deltapress_tasks_issued_total 1.0",
            "deltapress_tasks_reissued_total 1.0",
            "deltapress_results_dropped_total 1.0",
            "deltapress_versions_published_total 1.0",
            "deltapress_dead_letters_total{reason=\"WORKER_ERROR\"} 1.0",
            "deltapress_edits_accepted_total 1.0",
            "deltapress_edits_applied_total 1.0",
            "deltapress_edits_rejected_total 1.0",
            "deltapress_edits_batch_size_sum 3.0",
            "deltapress_edits_live_max 12.0");
  }
}
