package io.deltapress.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Topology, worker and follower as processes, against a cluster. */
final class Pipeline implements AutoCloseable {
  static final String TENANT = "acme";
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int SHARD_BYTES = 8 << 20;

  private final Cluster cluster;
  private final Distribution distribution;
  private final Path directory;
  private final Path config;
  private final Connection connection;
  private final TopicReader topics;
  private ChildProcess topology;
  private ChildProcess worker;
  private ChildProcess follower;

  private Pipeline(Cluster cluster, Distribution distribution, Path directory) {
    this.cluster = cluster;
    this.distribution = distribution;
    this.directory = directory;
    this.config = writeConfig();
    this.connection =
        Connection.fromProperties(
            Map.of(
                "bootstrap.servers", cluster.bootstrapServers(),
                "schema.registry.url", cluster.registryUrl()));
    this.topics = new TopicReader(connection);
    distribution.run(directory, List.of("setup", "--config", config.toString()));
    this.topology = role("topology");
    this.worker = role("worker");
    this.follower = role("follow");
  }

  static Pipeline start(Cluster cluster, Distribution distribution, Path directory) {
    return new Pipeline(cluster, distribution, directory);
  }

  private Path writeConfig() {
    try {
      Files.createDirectories(weights());
      return Files.writeString(
          directory.resolve("deltapress.properties"),
          String.join(
              "\n",
              "bootstrap.servers=" + cluster.bootstrapServers(),
              "schema.registry.url=" + cluster.registryUrl(),
              "instance.id=topology-1",
              "partitions=3",
              "state.dir=" + directory.resolve("state"),
              "shard.bytes=" + SHARD_BYTES,
              "task.deadline.ms=60000",
              "worker.directory=" + directory.resolve("scratch"),
              "store.directory=" + directory.resolve("store"),
              "bases.roots=" + weights(),
              "sources." + TENANT + ".roots=" + weights(),
              "follower.host=host-1",
              "follower.directory=" + served(),
              "follower.edits=checkpoint",
              ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ChildProcess role(String verb) {
    return distribution.start(verb, directory, List.of(verb, "--config", config.toString()));
  }

  Connection connection() {
    return connection;
  }

  Path config() {
    return config;
  }

  /** Where bases and fine-tunes lie. */
  Path weights() {
    return directory.resolve("weights");
  }

  private Path served() {
    return directory.resolve("served");
  }

  TopicReader topics() {
    return topics;
  }

  void killWorker() {
    worker.kill();
  }

  void startWorker() {
    worker = role("worker");
  }

  void killTopology() {
    topology.kill();
  }

  void startTopology() {
    topology = role("topology");
  }

  /** Kills the topology and takes its stores away: what it knows has to come from Kafka. */
  void killTopologyAndItsDisk() {
    topology.kill();
    try {
      Files.move(directory.resolve("state"), directory.resolve("state-" + System.nanoTime()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void restartFollowerFromAnEmptyDisk(Path newDirectory) {
    follower.stop();
    try {
      Files.move(served(), newDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    follower = role("follow");
  }

  /** What every role has printed, for a failing test. */
  String output() {
    return topology.output() + worker.output() + follower.output();
  }

  RegistryEvent awaitEvent(String submissionId, String type) {
    return awaitFound(
        "the event " + type + " of " + submissionId,
        () ->
            topics().readAll(Topics.REGISTRY_EVENTS).stream()
                .map(ConsumerRecord::value)
                .filter(event -> submissionId.equals(event.getSubmissionId()))
                .filter(event -> type.equals(event.getType()))
                .findFirst());
  }

  ModelVersion awaitVersion(String submissionId) {
    return awaitFound(
        "a version of " + submissionId,
        () -> {
          assertThat(rejectionsOf(submissionId)).as("rejections of " + submissionId).isEmpty();
          return versionsOf(submissionId).stream().findFirst();
        });
  }

  /** Every version record that names a submission, repeated ones included. */
  List<ModelVersion> versionsOf(String submissionId) {
    return topics().readAll(Topics.SERVING_VERSIONS).stream()
        .map(ConsumerRecord::value)
        .filter(version -> version != null && submissionId.equals(version.getSubmissionId()))
        .toList();
  }

  /** Waits until a worker has found a base to be what it is registered as. */
  void awaitUsable(String digest) {
    awaitFound(
        "base " + digest + " to be usable",
        () ->
            topics().readAll(Topics.BASES).stream()
                .map(ConsumerRecord::value)
                .filter(base -> base.getWeightsDigest().equals(digest))
                .filter(base -> base.getStatus() == BaseStatus.USABLE)
                .findFirst());
  }

  /** The versions of a model, the newest record of each, in order. */
  List<ModelVersion> versionsOfModel(String model) {
    Map<Integer, ModelVersion> versions = new TreeMap<>();
    topics().readAll(Topics.SERVING_VERSIONS).stream()
        .map(ConsumerRecord::value)
        .filter(version -> version != null && model.equals(version.getModel()))
        .forEach(version -> versions.put(version.getVersion(), version));
    return List.copyOf(versions.values());
  }

  /** The events that name a request, in order. */
  List<RegistryEvent> eventsOf(String requestId) {
    return topics().readAll(Topics.REGISTRY_EVENTS).stream()
        .map(ConsumerRecord::value)
        .filter(event -> requestId.equals(event.getSubmissionId()))
        .toList();
  }

  /** A task of the edit lane for a model. */
  WorkTask awaitEditTask(String model) {
    return awaitFound(
        "a task of the edit lane for " + model,
        () ->
            topics().readAll(Topics.WORK_EDIT).stream()
                .map(ConsumerRecord::value)
                .filter(task -> model.equals(task.getModel()))
                .findFirst());
  }

  WorkResult awaitResult(String taskId) {
    return awaitFound(
        "the result of " + taskId,
        () ->
            topics().readAll(Topics.WORK_RESULTS).stream()
                .map(ConsumerRecord::value)
                .filter(result -> taskId.equals(result.getTaskId()))
                .findFirst());
  }

  Rejection awaitRejection(String submissionId) {
    return awaitFound(
        "a rejection of " + submissionId, () -> rejectionsOf(submissionId).stream().findFirst());
  }

  List<Rejection> rejectionsOf(String submissionId) {
    return topics().readAll(Topics.REJECTIONS).stream()
        .map(ConsumerRecord::value)
        .filter(rejection -> submissionId.equals(rejection.getSubmissionId()))
        .toList();
  }

  /** The checkpoint that the follower serves for a model, once it serves this version. */
  Path awaitServed(ModelVersion version) {
    return awaitServedDirectory(version).resolve("checkpoint");
  }

  /** The directory that the follower serves for a model, once it serves this version. */
  Path awaitServedDirectory(ModelVersion version) {
    Path current = served().resolve(version.getTenant()).resolve(version.getModel());
    String number = "%06d".formatted(version.getVersion());
    return awaitFound(
        "the follower to serve " + version.getTenant() + "/" + version.getModel() + " " + number,
        () -> servedDirectory(current.resolve("current"), number));
  }

  private static Optional<Path> servedDirectory(Path link, String number) {
    try {
      return Files.exists(link) && link.toRealPath().getFileName().toString().equals(number)
          ? Optional.of(link.toRealPath())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Search<T> {
    Optional<T> find();
  }

  private <T> T awaitFound(String what, Search<T> search) {
    return await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .conditionEvaluationListener(
            evaluated -> {
              if (evaluated.getRemainingTimeInMS() < 100 && !evaluated.isSatisfied()) {
                System.err.println(output());
              }
            })
        .until(search::find, Optional::isPresent)
        .orElseThrow();
  }

  @Override
  public void close() {
    follower.close();
    worker.close();
    topology.close();
    topics.close();
  }
}
