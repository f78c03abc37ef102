package io.deltapress.app.cli.client;

import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.RegistryUnavailableException;
import io.deltapress.schemas.serde.UnregisteredSchemaException;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Puts what the Kafka clients throw into one line: what, where, what to do. */
final class Failures {
  private final Connection connection;
  private final Duration patience;

  Failures(Connection connection, Duration patience) {
    this.connection = connection;
    this.patience = patience;
  }

  PipelineException explain(KafkaException thrown) {
    return new PipelineException(line(thrown), thrown);
  }

  PipelineException noAnswer() {
    return new PipelineException(timeout(), null);
  }

  PipelineException missingTopic(String topic) {
    return new PipelineException(
        "topic %s does not exist at %s: run deltapress setup, or correct topic.prefix"
            .formatted(topic, connection.bootstrapServers()),
        null);
  }

  private String line(KafkaException thrown) {
    if (thrown instanceof RegistryUnavailableException
        || thrown instanceof UnregisteredSchemaException) {
      return String.valueOf(thrown.getMessage());
    }
    if (thrown instanceof TimeoutException) {
      return timeout();
    }
    if (thrown instanceof AuthenticationException || thrown instanceof AuthorizationException) {
      return "broker %s refuses: %s; check the kafka.* settings"
          .formatted(connection.bootstrapServers(), thrown.getMessage());
    }
    Throwable cause = thrown;
    while (cause.getCause() instanceof KafkaException deeper) {
      cause = deeper;
    }
    if (cause instanceof ConfigException) {
      return "broker %s cannot be used: %s; correct bootstrap.servers and kafka.*"
          .formatted(connection.bootstrapServers(), cause.getMessage());
    }
    return "broker %s: %s".formatted(connection.bootstrapServers(), cause.getMessage());
  }

  private String timeout() {
    return "no answer from broker %s within %d s: start it, or correct bootstrap.servers"
        .formatted(connection.bootstrapServers(), patience.toSeconds());
  }
}
