package io.deltapress.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A broker and a registry as processes of this machine: needs nothing but Java. */
final class ForkedCluster implements Cluster {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private final Distribution product;
  private final Path directory;
  private final int brokerPort = FreePort.find();
  private final RegistryProcess registry;
  private ChildProcess broker;

  private ForkedCluster(Distribution product, Path directory, RegistryProcess registry) {
    this.product = product;
    this.directory = directory;
    this.registry = registry;
    this.broker = startBroker();
  }

  static ForkedCluster start(Distribution product, Path directory) {
    return new ForkedCluster(product, directory, RegistryProcess.start(directory));
  }

  private ChildProcess startBroker() {
    ChildProcess started =
        ChildProcess.start(
            "broker",
            directory,
            List.of(
                Java.executable(),
                "-Xmx512m",
                "-cp",
                product.classPath(),
                "io.deltapress.app.devstack.DevStackMain",
                directory.resolve("broker").toString(),
                "broker=" + brokerPort),
            Map.of());
    started.awaitLine("ready", START_TIMEOUT);
    return started;
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + brokerPort;
  }

  @Override
  public String registryUrl() {
    return registry.url();
  }

  @Override
  public void restartBroker() {
    broker.kill();
    broker = startBroker();
  }

  @Override
  public void close() {
    broker.close();
    registry.close();
  }
}
