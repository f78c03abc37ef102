package io.deltapress.app.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevStackArgumentsTest {
  @Test
  void shouldStartOnlyWhatIsNamed() {
    // When
    DevStackArguments arguments =
        DevStackArguments.parse("data", "broker=9092", "kafka.num.io.threads=2");

    // Then
    assertThat(arguments)
        .isEqualTo(
            new DevStackArguments(
                Path.of("data"),
                OptionalInt.of(9092),
                OptionalInt.empty(),
                Map.of("num.io.threads", "2")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "data broker", "data brokers=1", "data =1"})
  void shouldShowUsageForAnythingElse(String line) {
    // When / Then
    assertThatThrownBy(() -> DevStackArguments.parse(line.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "usage: DevStackMain DIRECTORY [broker=PORT] [registry=PORT] [kafka.KEY=VALUE]...");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "-1", "65536"})
  void shouldRefusePortsThatAreNone(String port) {
    // When / Then
    assertThatThrownBy(() -> DevStackArguments.parse("data", "registry=" + port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("registry=%s is no port: use 0 to 65535".formatted(port));
  }
}
