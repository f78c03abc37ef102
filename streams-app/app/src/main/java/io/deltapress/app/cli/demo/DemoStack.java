package io.deltapress.app.cli.demo;

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
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** Broker, registry, topology, a worker and a follower in this process. */
public final class DemoStack implements AutoCloseable {
  private static final Duration TOPOLOGY_START = Duration.ofMinutes(2);
  private static final int PARTITIONS = 2;

  private final ServedModels served = new ServedModels();
  private final RoleGuard guard = new RoleGuard();
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final DevStack devStack;
  private final Path configFile;

  private DemoStack(DevStack devStack, Path configFile) {
    this.devStack = devStack;
    this.configFile = configFile;
    running.push(devStack);
  }

  /**
   * Starts everything.
   *
   * @param directory where all of it keeps its data
   * @param reference directory of the reference models, which everybody may read
   */
  public static DemoStack start(Path directory, Path reference, DemoWatcher watcher)
      throws IOException, InterruptedException {
    ReferenceModels models = ReferenceModels.read(reference);
    DevStack devStack = DevStack.start(directory.resolve("cluster"));
    DemoStack stack = new DemoStack(devStack, directory.resolve("deltapress.properties"));
    try {
      watcher.say(
          "broker %s and registry %s are up"
              .formatted(devStack.bootstrapServers(), devStack.registryUrl()));
      new PipelineSetup(devStack.connection(), new TopicLayout(PARTITIONS, 1)).run();
      DemoConfig config = DemoConfig.of(devStack, directory, reference, models, PARTITIONS);
      config.write(stack.configFile);
      stack.startRoles(config.values());
      watcher.say("topology, worker and follower are up");
      return stack;
    } catch (IOException | InterruptedException | RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  private void startRoles(Map<String, String> settings) throws IOException, InterruptedException {
    TopologyRole topology = new TopologyRole(TopologyConfig.of(settings), connection());
    running.push(topology);
    WorkerRole worker = new WorkerRole(WorkerConfig.of(settings), connection());
    running.push(worker);
    FollowerRole follower = new FollowerRole(FollowerConfig.of(settings), connection(), served);
    running.push(follower);
    topology.start();
    worker.start();
    follower.start();
    guard.watch("topology", topology::awaitTermination);
    guard.watch("worker", worker::awaitTermination);
    guard.watch("follower", follower::awaitTermination);
    topology.awaitReady(TOPOLOGY_START);
  }

  /** How to reach the stack. */
  public Connection connection() {
    return devStack.connection();
  }

  /** A configuration file for commands in other processes. */
  public Path configFile() {
    return configFile;
  }

  ServedModels served() {
    return served;
  }

  /** Fails if a role has. */
  public void check() {
    guard.check();
  }

  /** Stops everything in reverse order; what fails at that does not keep the rest running. */
  @Override
  public void close() {
    guard.relax();
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) { // Declared so by AutoCloseable.
        guard.closingFailed(e);
      }
    }
  }
}
