package io.deltapress.app.benchmark;

import io.deltapress.app.cli.client.Entry;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.TopicReader;
import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.devstack.DevStack;
import io.deltapress.app.setup.PipelineSetup;
import io.deltapress.app.setup.TopicLayout;
import io.deltapress.app.topology.TopologyRole;
import io.deltapress.app.worker.WorkerConfig;
import io.deltapress.app.worker.WorkerRole;
import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.follower.FollowerConfig;
import io.deltapress.follower.FollowerRole;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.EditPolicy;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A whole pipeline in this process, with the reference base and a policy for edits. */
final class BenchmarkStack implements AutoCloseable {
  private static final String TENANT = "bench";
  private static final int PARTITIONS = 2;
  private static final int CANARY_TASKS = 64;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final DevStack devStack;
  private final ModelHost host;
  private final ReferenceModels.Base base;

  private BenchmarkStack(DevStack devStack, ModelHost host, ReferenceModels.Base base) {
    this.devStack = devStack;
    this.host = host;
    this.base = base;
    running.push(devStack);
    running.push(host);
  }

  static BenchmarkStack start(Path directory, Path reference, String editor, int largestBatch)
      throws Exception {
    ReferenceModels models = ReferenceModels.read(reference);
    DevStack devStack = DevStack.start(directory.resolve("cluster"));
    ModelHost host =
        new ModelHost(
            reference.resolve(models.base().directory()),
            new DigestCache(directory.resolve("digests")));
    BenchmarkStack stack = new BenchmarkStack(devStack, host, models.base());
    new PipelineSetup(devStack.connection(), new TopicLayout(PARTITIONS, 1)).run();
    stack.startRoles(settings(devStack, directory, reference));
    stack.prepare(reference, canary(directory, reference), editor, largestBatch);
    return stack;
  }

  private static Map<String, String> settings(DevStack stack, Path directory, Path reference) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", stack.bootstrapServers());
    settings.put("schema.registry.url", stack.registryUrl());
    settings.put("instance.id", "benchmark");
    settings.put("state.dir", directory.resolve("state").toString());
    settings.put("partitions", Integer.toString(PARTITIONS));
    settings.put("commit.interval.ms", System.getProperty("commit.interval.ms", "10"));
    settings.put("worker.id", "benchmark");
    settings.put("worker.directory", directory.resolve("scratch").toString());
    settings.put("store.directory", directory.resolve("store").toString());
    settings.put("bases.roots", reference.toString());
    settings.put("sources." + TENANT + ".roots", directory.toString());
    settings.put("follower.host", "benchmark");
    settings.put("follower.directory", directory.resolve("served").toString());
    return settings;
  }

  private void startRoles(Map<String, String> settings) throws Exception {
    TopologyRole topology = new TopologyRole(TopologyConfig.of(settings), connection());
    WorkerRole worker = new WorkerRole(WorkerConfig.of(settings), connection());
    FollowerRole follower = new FollowerRole(FollowerConfig.of(settings), connection(), host);
    running.push(topology);
    running.push(worker);
    running.push(follower);
    topology.start();
    worker.start();
    follower.start();
    topology.awaitReady(Duration.ofMinutes(2));
  }

  private static Path canary(Path directory, Path reference) throws IOException {
    List<String> tasks = Files.readAllLines(reference.resolve("tasks/base-unseen.jsonl"));
    return Files.write(
        directory.resolve("canary.jsonl"),
        tasks.subList(tasks.size() - CANARY_TASKS, tasks.size()));
  }

  private void prepare(Path reference, Path canary, String editor, int largestBatch) {
    PipelineClient client = new PipelineClient(connection());
    client.send(Topics.POLICIES, TENANT, policy(canary, editor, largestBatch));
    BaseRegistration registration =
        BaseRegistration.newBuilder()
            .setWeightsDigest(base.weightsDigest())
            .setName(base.name())
            .setLocation(reference.resolve(base.directory()).toString())
            .setStatus(BaseStatus.REGISTERED)
            .setTensorCount(0)
            .setParameterCount(0)
            .setTotalBytes(0)
            .setRegisteredBy(TENANT)
            .setRegisteredAt(Instant.now())
            .build();
    try (TopicReader<BaseRegistration> bases = client.open(Topics.BASES).fromEnd()) {
      client.send(Topics.BASES, base.weightsDigest(), registration);
      boolean usable = false;
      while (!usable) {
        for (Entry<BaseRegistration> entry : bases.poll()) {
          usable = usable || entry.value().getStatus() == BaseStatus.USABLE;
        }
      }
    }
  }

  /** Canaries are scored as ever, and nothing is turned down for them: speed is the question. */
  private static Policy policy(Path canary, String editor, int largestBatch) {
    return Policy.newBuilder()
        .setScope(TENANT)
        .setMethod(CompressionMethod.DARE)
        .setPruneRates(List.of(0.0))
        .setValues(ValueCode.EXACT)
        .setRescale(RescaleStrategy.GIVEN)
        .setCanaries(
            List.of(
                Canary.newBuilder()
                    .setName("facts")
                    .setTaskLocation(canary.toString())
                    .setMetric(CanaryMetric.EXACT_MATCH)
                    .build()))
        .setLargestDrop(1)
        .setWhenUnmeasured(WhenUnmeasured.REJECT)
        .setEdits(
            EditPolicy.newBuilder()
                .setEditor(editor)
                .setLargestBatch(largestBatch)
                .setWindow(0L)
                .setLargestDrop(1)
                .setWhenUnmeasured(WhenUnmeasured.REJECT)
                .build())
        .setAuthor(TENANT)
        .setUpdatedAt(Instant.now())
        .build();
  }

  Connection connection() {
    return devStack.connection();
  }

  ModelHost host() {
    return host;
  }

  String baseDigest() {
    return base.weightsDigest();
  }

  @Override
  public void close() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
  }
}
