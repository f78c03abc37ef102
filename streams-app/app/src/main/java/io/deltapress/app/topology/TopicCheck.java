package io.deltapress.app.topology;

import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks whether topics are there before the stream starts, for Streams would wait in silence. */
final class TopicCheck {
  private static final long PATIENCE_SECONDS = 30;

  private static final Duration SETTLING = Duration.ofSeconds(3);
  private static final long PAUSE_MS = 50;

  private final Connection connection;

  TopicCheck(Connection connection) {
    this.connection = connection;
  }

  /**
   * The number of partitions of each topic.
   *
   * @throws IOException with a final message if one is missing or no broker answers
   */
  Map<String, Integer> partitions(Collection<String> topics)
      throws IOException, InterruptedException {
    try (Admin admin = Admin.create(connection.commonProperties())) {
      long settled = System.nanoTime() + SETTLING.toNanos();
      Map<String, Integer> partitions = new TreeMap<>();
      for (String topic : topics) {
        partitions.put(topic, partitions(admin, topic, settled));
      }
      return partitions;
    }
  }

  /** A topic that was created a moment ago is not known to every broker yet: asks until settled. */
  private int partitions(Admin admin, String topic, long settled)
      throws IOException, InterruptedException {
    OptionalInt partitions = partitions(admin, topic);
    while (partitions.isEmpty()) {
      if (System.nanoTime() - settled >= 0) {
        throw new IOException(
            "topic %s does not exist on %s: run `deltapress setup` first"
                .formatted(topic, connection.bootstrapServers()));
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      partitions = partitions(admin, topic);
    }
    return partitions.getAsInt();
  }

  private OptionalInt partitions(Admin admin, String topic)
      throws IOException, InterruptedException {
    try {
      TopicDescription description =
          admin
              .describeTopics(List.of(topic))
              .topicNameValues()
              .get(topic)
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return OptionalInt.of(description.partitions().size());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return OptionalInt.empty();
      }
      throw unreachable(e);
    } catch (TimeoutException e) {
      throw unreachable(e);
    }
  }

  private IOException unreachable(Exception cause) {
    return new IOException(
        "brokers %s did not answer: check bootstrap.servers and that they run"
            .formatted(connection.bootstrapServers()),
        cause);
  }
}
