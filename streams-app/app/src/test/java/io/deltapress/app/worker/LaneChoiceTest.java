package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
  void shouldJoinEveryLaneWhenTheEngineWorks() throws IOException {
    // When
    LaneChoice choice = LaneChoice.of(Set.of(), WORKING);

    // Then
    assertThat(choice.lanes()).containsExactlyInAnyOrder(Lane.values());
    assertThat(choice.reasons())
        .containsExactly(
            "joins compress: every worker can",
            "joins calibrate on cpu: the tensor engine works",
            "joins edit on cpu: the tensor engine works");
  }

  @Test
  void shouldJoinOnlyCompressAndSayWhyWhenTheEngineDoesNotWork() throws IOException {
    // When
    LaneChoice choice = LaneChoice.of(Set.of(), BROKEN);

    // Then
    assertThat(choice.lanes()).containsExactly(Lane.COMPRESS);
    assertThat(choice.reasons())
        .containsExactly(
            "joins compress: every worker can",
            "leaves calibrate out: no native library",
            "leaves edit out: no native library");
  }

  @Test
  void shouldNotLookForTheEngineWhenOnlyCompressIsAskedFor() throws IOException {
    // When
    LaneChoice choice = LaneChoice.of(Set.of(Lane.COMPRESS), new NobodyLooks());

    // Then
    assertThat(choice.lanes()).containsExactly(Lane.COMPRESS);
    assertThat(choice.reasons())
        .containsExactly(
            "joins compress: worker.lanes says so",
            "leaves calibrate out: worker.lanes says so",
            "leaves edit out: worker.lanes says so");
  }

  @Test
  void shouldJoinOnlyEditWhenOnlyEditIsAskedFor() throws IOException {
    // When
    LaneChoice choice = LaneChoice.of(Set.of(Lane.EDIT), WORKING);

    // Then
    assertThat(choice.lanes()).containsExactly(Lane.EDIT);
    assertThat(choice.reasons())
        .containsExactly(
            "leaves compress out: worker.lanes says so",
            "leaves calibrate out: worker.lanes says so",
            "joins edit on cpu: worker.lanes says so");
  }

  @ParameterizedTest
  @EnumSource(value = Lane.class, names = "COMPRESS", mode = EnumSource.Mode.EXCLUDE)
  void shouldFailWhenALaneIsAskedForThatNeedsTheEngineAndItDoesNotWork(Lane lane) {
    // When / Then
    assertThatThrownBy(() -> LaneChoice.of(Set.of(lane), BROKEN))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Worker cannot join %s, which worker.lanes asks for: no native library"
                .formatted(lane.spelling()));
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
