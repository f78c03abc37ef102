package io.deltapress.app.devstack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka broker and controller (KRaft) in this process, on the loopback interface. Its directory
 * may be used again later, on the same port or another.
 *
 * <p>Threading notes: start and close from one thread; the broker has threads of its own, none of
 * which keeps the process alive after {@link #close}.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int NODE_ID = 1;

  private final BrokerDirectory directory;
  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedBroker(BrokerDirectory directory, KafkaRaftServer server, int port) {
    this.directory = directory;
    this.server = server;
    this.port = port;
  }

  /** Starts a broker on a free port. */
  public static EmbeddedBroker start(Path directory) throws IOException {
    return start(directory, Ports.ANY, Map.of());
  }

  /**
   * Starts a broker and waits until it serves.
   *
   * @param port of the loopback interface, 0 for any free one
   * @param overrides broker settings that replace the ones chosen here
   * @throws IOException if the directory or the port is in use, or the broker does not start
   */
  public static EmbeddedBroker start(Path directory, int port, Map<String, String> overrides)
      throws IOException {
    int required = Ports.require(port);
    BrokerDirectory held = BrokerDirectory.acquire(directory);
    try {
      Properties settings = settings(held.logs(), required, Ports.require(Ports.ANY));
      settings.putAll(overrides);
      if (held.isNew()) {
        format(held.logs());
      }
      return new EmbeddedBroker(held, started(settings), required);
    } catch (IOException | RuntimeException e) {
      // Kafka reports what keeps it from starting with several unrelated runtime exceptions.
      held.close();
      throw new IOException("the broker in " + directory + " does not start: " + e.getMessage(), e);
    }
  }

  private static KafkaRaftServer started(Properties settings) {
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
    try {
      server.startup();
      return server;
    } catch (RuntimeException e) {
      // Otherwise its threads would keep the process alive.
      server.shutdown();
      throw e;
    }
  }

  /** {@code host:port} for clients. */
  public String bootstrapServers() {
    return Ports.HOST + ":" + port;
  }

  @Override
  public void close() throws IOException {
    server.shutdown();
    server.awaitShutdown();
    directory.close();
  }

  private static void format(Path logs) throws IOException {
    Formatter formatter =
        new Formatter()
            .setClusterId(Uuid.randomUuid().toString())
            .setNodeId(NODE_ID)
            .setReleaseVersion(MetadataVersion.latestProduction())
            .setControllerListenerName("CONTROLLER")
            .setMetadataLogDirectory(logs.toString())
            .addDirectory(logs.toString())
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      formatter.run();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) { // Declared so by the formatter.
      throw new IOException("cannot format " + logs + ": " + e.getMessage(), e);
    }
  }

  private static Properties settings(Path logs, int port, int controllerPort) {
    Properties settings = new Properties();
    settings.put("node.id", Integer.toString(NODE_ID));
    settings.put("process.roles", "broker,controller");
    settings.put("log.dirs", logs.toString());
    settings.put(
        "listeners",
        "PLAINTEXT://"
            + Ports.hostAndPort(port)
            + ",CONTROLLER://"
            + Ports.hostAndPort(controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://" + Ports.hostAndPort(port));
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("controller.quorum.voters", NODE_ID + "@" + Ports.hostAndPort(controllerPort));
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("auto.create.topics.enable", "false");
    oneReplica(settings);
    quickGroups(settings);
    // The default takes 128 MB of heap for a cleaner that has next to nothing to clean.
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
    // A killed broker may come back after four seconds instead of twelve.
    settings.put("broker.session.timeout.ms", "2000");
    settings.put("broker.heartbeat.interval.ms", "500");
    return settings;
  }

  private static void oneReplica(Properties settings) {
    for (String log : new String[] {"transaction.state.log", "share.coordinator.state.topic"}) {
      settings.put(log + ".num.partitions", "1");
      settings.put(log + ".replication.factor", "1");
      settings.put(log + ".min.isr", "1");
    }
    settings.put("offsets.topic.num.partitions", "1");
    settings.put("offsets.topic.replication.factor", "1");
  }

  private static void quickGroups(Properties settings) {
    settings.put("group.initial.rebalance.delay.ms", "0");
    // With the default a new worker waits five seconds for its first task.
    settings.put("group.share.assignment.interval.ms", "0");
    settings.put("group.share.min.heartbeat.interval.ms", "500");
    settings.put("group.share.heartbeat.interval.ms", "500");
    settings.put("group.share.min.record.lock.duration.ms", "1000");
    settings.put("group.share.max.record.lock.duration.ms", "3600000");
    settings.put("group.streams.initial.rebalance.delay.ms", "0");
    settings.put("group.streams.assignment.interval.ms", "0");
    settings.put("group.streams.min.session.timeout.ms", "6000");
    settings.put("group.streams.session.timeout.ms", "6000");
    settings.put("group.streams.min.heartbeat.interval.ms", "1000");
    settings.put("group.streams.heartbeat.interval.ms", "1000");
  }
}
