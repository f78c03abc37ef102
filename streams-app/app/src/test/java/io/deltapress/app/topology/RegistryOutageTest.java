package io.deltapress.app.topology;

import static io.deltapress.app.domain.Examples.submission;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.app.processor.WireSerdes;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.serde.AvroSerde;
import io.deltapress.schemas.serde.RegistryUnavailableException;
import io.deltapress.schemas.serde.SchemaRegistration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryOutageTest {
  /** Asks a registry where none listens. */
  private static final WireSerdes WITHOUT_REGISTRY =
      new WireSerdes() {
        private final Connection connection =
            Connection.fromProperties(
                Map.of(
                    "bootstrap.servers", "nobody:9092",
                    "schema.registry.url", "http://127.0.0.1:1"));

        @Override
        public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
          return AvroSerde.of(
              type, connection.registryClient(), SchemaRegistration.LOOK_UP, Duration.ofMillis(10));
        }
      };

  @Test
  void shouldStopWithoutADeadLetterWhenTheRegistryDoesNotAnswer(@TempDir Path stateDirectory) {
    try (Pipeline pipeline =
        new Pipeline(stateDirectory, PipelineMetrics.none(), WITHOUT_REGISTRY, Map.of())) {
      // Given
      String topic = pipeline.topics().deltasSubmitted();

      // When
      Throwable thrown =
          catchThrowable(() -> pipeline.write(topic, "key", submission("s-1", 1).build()));

      // Then
      assertThat(Stream.iterate(thrown, cause -> cause != null, Throwable::getCause))
          .hasAtLeastOneElementOfType(RegistryUnavailableException.class);
      assertThat(pipeline.values(DeadLetter.class, pipeline.topics().deadLetters())).isEmpty();
    }
  }
}
