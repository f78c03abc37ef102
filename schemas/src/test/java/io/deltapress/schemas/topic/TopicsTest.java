package io.deltapress.schemas.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.Examples;
import io.deltapress.schemas.ReasonCode;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class TopicsTest {
  @Test
  void shouldNameTopicsBelowPrefix() {
    // When
    var names = Topics.all().stream().map(topic -> topic.name("dp.")).toList();

    // Then
    assertThat(names)
        .containsExactly(
            "dp.bases",
            "dp.policies",
            "dp.deltas.submitted",
            "dp.edits.requested",
            "dp.versions.control",
            "dp.work.compress",
            "dp.work.calibrate",
            "dp.work.edit",
            "dp.work.results",
            "dp.serving.versions",
            "dp.serving.heads",
            "dp.serving.chunks",
            "dp.serving.status",
            "dp.registry.events",
            "dp.rejections",
            "dp.dead-letters");
  }

  @Test
  void shouldGiveALaneOnePartitionWhateverIsConfigured() {
    // When / Then
    assertThat(Topics.WORK_COMPRESS.partitionCount(6)).isEqualTo(1);
    assertThat(Topics.WORK_RESULTS.partitionCount(6)).isEqualTo(6);
  }

  @Test
  void shouldKeepRecordsAsLongAsTheContractSays() {
    // When / Then
    assertThat(Topics.SERVING_HEADS.configs()).isEqualTo(Map.of("cleanup.policy", "compact"));
    assertThat(Topics.WORK_COMPRESS.configs())
        .isEqualTo(Map.of("cleanup.policy", "delete", "retention.ms", "604800000"));
    assertThat(Topics.REJECTIONS.configs())
        .isEqualTo(Map.of("cleanup.policy", "delete", "retention.ms", "2592000000"));
  }

  @Test
  void shouldFixTheSettingsWorkersDependOn() {
    // When / Then
    assertThat(ShareGroup.all())
        .extracting(group -> group.id("dp."))
        .containsExactly("dp.workers-compress", "dp.workers-calibrate", "dp.workers-edit");
    assertThat(ShareGroup.all())
        .extracting(ShareGroup::configs)
        .containsOnly(
            Map.of(
                "share.isolation.level", "read_committed",
                "share.auto.offset.reset", "earliest",
                "share.delivery.count.limit", "5"));
  }

  @Test
  void shouldCarryCloudEventAttributesAsHeaders() {
    // When
    Headers headers = CloudEventHeaders.of("acme/router", Examples.registryEvent());

    // Then
    assertThat(headers)
        .extracting(Header::key, header -> new String(header.value(), UTF_8))
        .containsExactly(
            tuple("ce_specversion", "1.0"),
            tuple("ce_id", "s-1/delta.shard-pruned/3"),
            tuple("ce_type", EventTypes.DELTA_SHARD_PRUNED),
            tuple("ce_source", "/deltapress/planner"),
            tuple("ce_subject", "acme/router"),
            tuple("ce_time", "2026-11-23T12:00:00.123Z"),
            tuple("content-type", "application/avro"));
  }

  @Test
  void shouldPassOverReasonCodesOfOtherReleases() {
    // When / Then
    assertThat(ReasonCode.of("VERSION_CONFLICT")).contains(ReasonCode.VERSION_CONFLICT);
    assertThat(ReasonCode.of("SOMETHING_NEW")).isEmpty();
  }
}
