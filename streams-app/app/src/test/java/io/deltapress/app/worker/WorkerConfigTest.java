package io.deltapress.app.worker;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerConfigTest {
  @TempDir Path host;

  @Test
  void shouldFillInDefaultsWhenOnlyBasesAreSet() {
    // Given
    Map<String, String> properties = Map.of("bases.roots", "/bases");

    // When
    WorkerConfig config = WorkerConfig.of(properties);

    // Then
    assertThat(config.slots()).isOne();
    assertThat(config.workerId()).isNotBlank();
    assertThat(config.scratchDirectory()).isEqualTo(Path.of("work"));
    assertThat(config.storeDirectory()).isEmpty();
    assertThat(config.chunkBytes()).isEqualTo(700_000);
    assertThat(config.closeWait()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.lanes()).isEmpty();
    assertThat(config.device()).isEqualTo("auto");
    assertThat(config.calibrateSlots()).isOne();
    assertThat(config.editSlots()).isOne();
    assertThat(config.memoryBytes()).isGreaterThan(1L << 28);
  }

  @Test
  void shouldTakeEverySettingWhenAllAreSet() {
    // Given
    Map<String, String> properties = new HashMap<>();
    properties.put("worker.lanes", "calibrate, edit, compress");
    properties.put("worker.calibrate.slots", "2");
    properties.put("worker.edit.slots", "3");
    properties.put("worker.device", "gpu:1");
    properties.put("worker.memory.bytes", "12345");
    properties.putAll(
        Map.of(
            "bases.roots", "/bases, /more-bases",
            "worker.id", "w-1",
            "worker.slots", "3",
            "worker.directory", "/scratch",
            "worker.close.wait.ms", "250",
            "store.directory", "/store",
            "chunk.bytes", "65536",
            "shard.bytes", "of another role"));

    // When
    WorkerConfig config = WorkerConfig.of(properties);

    // Then
    assertThat(config)
        .extracting(
            WorkerConfig::workerId,
            WorkerConfig::slots,
            WorkerConfig::scratchDirectory,
            WorkerConfig::closeWait,
            WorkerConfig::chunkBytes)
        .containsExactly("w-1", 3, Path.of("/scratch"), Duration.ofMillis(250), 65_536);
    assertThat(config.storeDirectory()).contains(Path.of("/store"));
    assertThat(config.lanes()).containsExactlyInAnyOrder(Lane.values());
    assertThat(config.calibrateSlots()).isEqualTo(2);
    assertThat(config.editSlots()).isEqualTo(3);
    assertThat(config.device()).isEqualTo("gpu:1");
    assertThat(config.memoryBytes()).isEqualTo(12_345);
  }

  @Test
  void shouldGiveEachTenantItsOwnRootsWhenNamed() throws IOException, LocationRefusedException {
    // Given
    Path acme = Files.createDirectories(host.toRealPath().resolve("acme"));
    Path model = Files.createDirectories(acme.resolve("m"));
    Files.createDirectories(host.resolve("globex"));
    Map<String, String> properties = new HashMap<>();
    properties.put("bases.roots", host.resolve("bases").toString());
    properties.put("sources.acme.roots", acme + ", " + host.resolve("acme-2"));
    properties.put("sources.glo.bex.roots", host.resolve("globex").toString());

    // When
    Sources sources = WorkerConfig.of(properties).sources();

    // Then
    assertThat(sources.ofTenant("acme").resolve("m")).isEqualTo(model);
    assertThatCode(() -> sources.ofTenant("glo.bex").resolve(".")).doesNotThrowAnyException();
    assertThatThrownBy(() -> sources.ofTenant("glo.bex").resolve("m"))
        .isInstanceOf(LocationRefusedException.class);
    assertThatThrownBy(() -> sources.bases().resolve("m"))
        .isInstanceOf(LocationRefusedException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "worker.slots | 0 | Invalid value 0 for configuration worker.slots: Value must be at least"
            + " 1",
        "chunk.bytes | 700001 | Invalid value 700001 for configuration chunk.bytes: Value must be"
            + " no more than 700000",
        "worker.lanes | study | Invalid value study for configuration worker.lanes: String must be one"
            + " of: auto, compress, calibrate, edit",
        "worker.lanes | 'auto, compress' | Invalid value [auto, compress] for configuration"
            + " worker.lanes: auto stands alone",
        "worker.device | tpu | Invalid value tpu for configuration worker.device: use auto, cpu or"
            + " gpu:N",
        "sources.Acme.roots | /x | Invalid key sources.Acme.roots: Acme is not the name of a"
            + " tenant",
        "sources...roots | /x | Invalid key sources...roots: . is not the name of a tenant",
        "sources.acme.roots | ' , ' | Invalid value  ,  for configuration sources.acme.roots: at"
            + " least one directory must be listed"
      })
  void shouldNameKeyAndRuleWhenValueIsWrong(String key, String value, String message) {
    // Given
    Map<String, String> properties = Map.of("bases.roots", "/bases", key, value);

    // When / Then
    assertThatThrownBy(() -> WorkerConfig.of(properties))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"COMPRESS, 600", "CALIBRATE, 300", "EDIT, 200", "'CALIBRATE EDIT', 120"})
  void shouldShareMemoryAmongTheSlotsThatRunModels(String lanes, long bytes) {
    // Given
    WorkerConfig config =
        WorkerConfig.of(
            Map.of(
                "bases.roots", "/bases",
                "worker.calibrate.slots", "2",
                "worker.edit.slots", "3",
                "worker.memory.bytes", "600"));
    Set<Lane> joined = Stream.of(lanes.split(" ")).map(Lane::valueOf).collect(toSet());

    // When / Then
    assertThat(config.memoryBytesPerSlot(joined)).isEqualTo(bytes);
  }

  @Test
  void shouldAskForBasesWhenNoneAreSet() {
    // Given
    Map<String, String> properties = Map.of("worker.slots", "2");

    // When / Then
    assertThatThrownBy(() -> WorkerConfig.of(properties))
        .hasMessage("Missing required configuration \"bases.roots\" which has no default value.");
  }
}
