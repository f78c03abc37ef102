package io.deltapress.app.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deltapress.app.devstack.DevStack;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.ShareGroup;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One stack for all tests; most look at what one run left behind. */
class PipelineSetupTest {
  private static final TopicLayout THREE_PARTITIONS = new TopicLayout(3, 1);

  @TempDir private static Path directory;
  private static DevStack stack;
  private static Connection connection;
  private static SetupSummary first;

  @BeforeAll
  static void setUpOnce() throws IOException, InterruptedException {
    stack = DevStack.start(directory);
    connection = connection("dp.", Map.of());
    first = new PipelineSetup(connection, THREE_PARTITIONS).run();
  }

  @AfterAll
  static void stop() throws IOException {
    stack.close();
  }

  @Test
  void shouldCreateWhatTheCatalogueNamesAndNothingTwice() throws Exception {
    // When
    SetupSummary second = new PipelineSetup(connection, THREE_PARTITIONS).run();

    // Then
    List<String> names = Topics.all().stream().map(connection::nameOf).sorted().toList();
    assertThat(first.created()).isEqualTo(names);
    assertThat(first.present()).isEmpty();
    assertThat(first.registered())
        .containsExactlyElementsOf(
            Topics.all().stream().map(topic -> connection.nameOf(topic) + "-value").toList());
    assertThat(second).isEqualTo(new SetupSummary(List.of(), names, List.of(), List.of()));
    assertThat(second.isUnchanged()).isTrue();
  }

  @Test
  void shouldGiveTopicsTheirPartitionsAndConfigurations() throws Exception {
    // When / Then
    assertThat(partitions("dp.work.compress")).isEqualTo(1);
    assertThat(partitions("dp.serving.heads")).isEqualTo(3);
    assertThat(config(ConfigResource.Type.TOPIC, "dp.serving.heads").get("cleanup.policy"))
        .extracting("value")
        .isEqualTo("compact");
    assertThat(config(ConfigResource.Type.TOPIC, "dp.rejections").get("retention.ms"))
        .extracting("value")
        .isEqualTo("2592000000");
  }

  @Test
  void shouldSetShareGroupBeforeItHasMembers() throws Exception {
    // When / Then
    Config group = config(ConfigResource.Type.GROUP, "dp.workers-compress");
    Map<String, String> found = new HashMap<>();
    ShareGroup.COMPRESS_WORKERS
        .configs()
        .keySet()
        .forEach(key -> found.put(key, group.get(key).value()));
    assertThat(found).isEqualTo(ShareGroup.COMPRESS_WORKERS.configs());
  }

  @Test
  void shouldHoldSubjectsToFullTransitive() throws Exception {
    // When / Then
    assertThat(connection.registryClient().getCompatibility("dp.bases-value"))
        .isEqualTo("FULL_TRANSITIVE");
  }

  @Test
  void shouldReportDifferencesAndChangeNothing() throws Exception {
    // Given
    Connection other = connection("other.", Map.of());
    create(new NewTopic("other.bases", 2, (short) 1).configs(Map.of("cleanup.policy", "delete")));

    // When
    SetupSummary summary = new PipelineSetup(other, THREE_PARTITIONS).run();

    // Then
    assertThat(summary.present()).containsExactly("other.bases");
    assertThat(summary.differences())
        .containsExactly(
            "Topic other.bases has 2 partitions instead of 3: it is left as it is; create it anew"
                + " or configure that number.",
            "Topic other.bases has cleanup.policy=delete instead of compact: it is left as it is;"
                + " alter it unless this is meant.");
    assertThat(partitions("other.bases")).isEqualTo(2);
  }

  @Test
  void shouldSayInOneLineThatBrokerDoesNotAnswer() {
    // Given
    Connection away =
        new Connection(
            "127.0.0.1:9",
            stack.registryUrl(),
            "away.",
            Map.of("default.api.timeout.ms", "500", "request.timeout.ms", "500"));

    // When / Then
    assertThatThrownBy(() -> new PipelineSetup(away, THREE_PARTITIONS).run())
        .isInstanceOf(SetupException.class)
        .hasMessageStartingWith(
            "Setting up broker 127.0.0.1:9, registry %s, topics away.* failed: "
                .formatted(stack.registryUrl()))
        .message()
        .doesNotContain("\n");
  }

  private static Connection connection(String prefix, Map<String, Object> kafka) {
    return new Connection(stack.bootstrapServers(), stack.registryUrl(), prefix, kafka);
  }

  /** Brokers list a topic a moment after the controller has made it. */
  private static void create(NewTopic topic) throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(topic)).all().get();
      await().until(() -> admin.listTopics().names().get().contains(topic.name()));
    }
  }

  private static int partitions(String topic) throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      TopicDescription description =
          admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      return description.partitions().size();
    }
  }

  private static Config config(ConfigResource.Type type, String name)
      throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      ConfigResource resource = new ConfigResource(type, name);
      return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }
  }

  private static Admin admin() {
    return Admin.create(stack.connection().commonProperties());
  }
}
