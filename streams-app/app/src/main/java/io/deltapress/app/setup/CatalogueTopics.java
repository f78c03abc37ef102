package io.deltapress.app.setup;

import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** The catalogue's topics on a broker. */
final class CatalogueTopics {
  private static final String CLEANUP_POLICY = "cleanup.policy";

  private final Admin admin;
  private final String prefix;
  private final TopicLayout layout;

  CatalogueTopics(Admin admin, String prefix, TopicLayout layout) {
    this.admin = admin;
    this.prefix = prefix;
    this.layout = layout;
  }

  TopicsFound find() throws ExecutionException, InterruptedException {
    Set<String> existing = admin.listTopics().names().get();
    List<String> names =
        Topics.all().stream().map(topic -> topic.name(prefix)).filter(existing::contains).toList();
    Map<String, TopicDescription> descriptions = admin.describeTopics(names).allTopicNames().get();
    return new TopicsFound(descriptions, configs(names));
  }

  private Map<String, Config> configs(Collection<String> names)
      throws ExecutionException, InterruptedException {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Config> configs = new HashMap<>();
    admin
        .describeConfigs(resources)
        .all()
        .get()
        .forEach((resource, config) -> configs.put(resource.name(), config));
    return configs;
  }

  /** Creates what is missing and returns the names. */
  List<String> create(TopicsFound found) throws ExecutionException, InterruptedException {
    List<NewTopic> missing =
        Topics.all().stream()
            .filter(topic -> !found.has(topic.name(prefix)))
            .map(this::newTopic)
            .toList();
    List<String> created = new ArrayList<>();
    for (Map.Entry<String, KafkaFuture<Void>> topic :
        admin.createTopics(missing).values().entrySet()) {
      if (isCreated(topic.getValue())) {
        created.add(topic.getKey());
      }
    }
    return created.stream().sorted().toList();
  }

  /**
   * Returns whether it was this setup that created the topic: another one may run at the same time.
   */
  private static boolean isCreated(KafkaFuture<Void> creation)
      throws ExecutionException, InterruptedException {
    try {
      creation.get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw e;
    }
  }

  private NewTopic newTopic(Topic<?> topic) {
    return new NewTopic(
            topic.name(prefix),
            topic.partitionCount(layout.partitions()),
            (short) layout.replicationFactor())
        .configs(topic.configs());
  }

  /** Returns a line for each way in which a topic found is not as the catalogue says. */
  List<String> differences(TopicsFound found) {
    return Topics.all().stream()
        .filter(topic -> found.has(topic.name(prefix)))
        .flatMap(topic -> differences(topic, found))
        .toList();
  }

  private Stream<String> differences(Topic<?> topic, TopicsFound found) {
    String name = topic.name(prefix);
    int partitions = topic.partitionCount(layout.partitions());
    String policy = topic.retention().cleanupPolicy();
    List<String> lines = new ArrayList<>();
    if (found.partitions(name) != partitions) {
      lines.add(
          "Topic %s has %d partitions instead of %d: it is left as it is; create it anew or configure that number."
              .formatted(name, found.partitions(name), partitions));
    }
    if (!policy.equals(found.config(name, CLEANUP_POLICY))) {
      lines.add(
          "Topic %s has cleanup.policy=%s instead of %s: it is left as it is; alter it unless this is meant."
              .formatted(name, found.config(name, CLEANUP_POLICY), policy));
    }
    return lines.stream();
  }
}
