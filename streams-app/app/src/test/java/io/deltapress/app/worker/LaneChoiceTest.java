package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneChoiceTest {
  private static final LaneChoice.EngineProbe WORKING = new Engine(Optional.empty());
  private static final LaneChoice.EngineProbe BROKEN = new Engine(Optional.of("no native library"));

  private record Engine(Optional<String> fault) implements LaneChoice.EngineProbe {
    @Override
    public String place() {
      return "cpu";
    }
  }

  /** Fails whoever looks for an engine. */
  private static final class NobodyLooks implements LaneChoice.EngineProbe {
    @Override
    public Optional<String> fault() {
      throw new AssertionError("the engine was looked for");
    }

    @Override
    public String place() {
      throw new AssertionError("the engine was looked for");
    }
  }

  @Test
  void shouldJoinBothWhenTheEngineWorks() throws IOException {
    // When
    LaneChoice choice = LaneChoice.of(Set.of(), WORKING);

    // Then
    assertThat(choice.lanes()).containsExactlyInAnyOrder(Lane.COMPRESS, Lane.CALIBRATE);
    assertThat(choice.reasons())
        .containsExactly(
            "joins compress: every worker can", "joins calibrate on cpu: the tensor engine works");
  }

  @Test
  void shouldJoinOnlyCompressAndSayWhyWhenTheEngineDoesNotWork() throws IOException {
    // When
    LaneChoice choice = LaneChoice.of(Set.of(), BROKEN);

    // Then
    assertThat(choice.lanes()).containsExactly(Lane.COMPRESS);
    assertThat(choice.reasons())
        .containsExactly(
            "joins compress: every worker can", "leaves calibrate out: no native library");
  }

  @Test
  void shouldNotLookForTheEngineWhenOnlyCompressIsAskedFor() throws IOException {
    // When
    LaneChoice choice = LaneChoice.of(Set.of(Lane.COMPRESS), new NobodyLooks());

    // Then
    assertThat(choice.lanes()).containsExactly(Lane.COMPRESS);
    assertThat(choice.reasons())
        .containsExactly(
            "joins compress: worker.lanes says so", "leaves calibrate out: worker.lanes says so");
  }

  @Test
  void shouldFailWhenCalibrateIsAskedForAndTheEngineDoesNotWork() {
    // When / Then
    assertThatThrownBy(() -> LaneChoice.of(Set.of(Lane.CALIBRATE), BROKEN))
        .isInstanceOf(IOException.class)
        .hasMessage("Worker cannot join calibrate, which worker.lanes asks for: no native library");
  }

  @Test
  void shouldSayThatADeviceIsNotThere() {
    // Given
    TensorEngine engine = new TensorEngine("gpu:999");

    // When
    Optional<String> fault = engine.fault();

    // Then
    assertThat(fault).hasValueSatisfying(why -> assertThat(why).contains("gpu:999"));
  }
}
