package io.deltapress.app.topology;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Every topic of the catalogue on a broker, with one partition each. */
final class OnePartitionTopics {
  private OnePartitionTopics() {}

  static void create(Connection connection) throws Exception {
    List<NewTopic> topics =
        Topics.all().stream()
            .map(topic -> new NewTopic(connection.nameOf(topic), 1, (short) 1))
            .toList();
    try (Admin admin = Admin.create(connection.commonProperties())) {
      admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
    }
  }
}
