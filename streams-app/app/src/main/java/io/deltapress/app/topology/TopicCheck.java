package io.deltapress.app.topology;

import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks whether topics are there before the stream starts, for Streams would wait in silence. */
final class TopicCheck {
  private static final long PATIENCE_SECONDS = 30;

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
      Map<String, Integer> partitions = new TreeMap<>();
      for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
          admin.describeTopics(topics).topicNameValues().entrySet()) {
        partitions.put(topic.getKey(), partitions(topic.getKey(), topic.getValue()));
      }
      return partitions;
    }
  }

  private int partitions(String topic, KafkaFuture<TopicDescription> description)
      throws IOException, InterruptedException {
    try {
      return description.get(PATIENCE_SECONDS, TimeUnit.SECONDS).partitions().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new IOException(
            "topic %s does not exist on %s: run `deltapress setup` first"
                .formatted(topic, connection.bootstrapServers()),
            e);
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
