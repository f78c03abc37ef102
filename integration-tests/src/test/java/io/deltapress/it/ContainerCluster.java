package io.deltapress.it;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.PortBinding;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The published broker and registry images, on the container engine of this machine. */
final class ContainerCluster implements Cluster {
  private static final int BROKER_PORT = 9092;
  private static final int REGISTRY_PORT = 8080;
  private static final Map<String, String> BROKER_SETTINGS =
      Map.of(
          "KAFKA_GROUP_SHARE_ASSIGNMENT_INTERVAL_MS", "0",
          "KAFKA_BROKER_SESSION_TIMEOUT_MS", "2000",
          "KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "500",
          "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1",
          "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1",
          "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");

  private final KafkaContainer broker;
  private final GenericContainer<?> registry;

  private ContainerCluster(KafkaContainer broker, GenericContainer<?> registry) {
    this.broker = broker;
    this.registry = registry;
  }

  static boolean engineAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @SuppressWarnings("resource") // Both live as long as the cluster, which closes them.
  static ContainerCluster start() {
    int port = FreePort.find();
    KafkaContainer broker =
        new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.1"))
            .withEnv(BROKER_SETTINGS)
            .withCreateContainerCmdModifier(
                command ->
                    command
                        .getHostConfig()
                        .withPortBindings(PortBinding.parse(port + ":" + BROKER_PORT)));
    GenericContainer<?> registry =
        new GenericContainer<>(DockerImageName.parse("apicurio/apicurio-registry:3.0.9"))
            .withExposedPorts(REGISTRY_PORT)
            .waitingFor(
                Wait.forHttp("/health/ready")
                    .forPort(REGISTRY_PORT)
                    .withStartupTimeout(Duration.ofMinutes(2)));
    broker.start();
    registry.start();
    return new ContainerCluster(broker, registry);
  }

  @Override
  public String bootstrapServers() {
    return broker.getBootstrapServers();
  }

  @Override
  public String registryUrl() {
    return "http://"
        + registry.getHost()
        + ":"
        + registry.getMappedPort(REGISTRY_PORT)
        + "/apis/ccompat/v7";
  }

  @Override
  public void restartBroker() {
    DockerClient client = broker.getDockerClient();
    client.killContainerCmd(broker.getContainerId()).exec();
    client.startContainerCmd(broker.getContainerId()).exec();
  }

  @Override
  public void close() {
    registry.stop();
    broker.stop();
  }
}
