package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.CompressionSettings;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.Surveyed;
import io.deltapress.schemas.SurveyedShard;
import io.deltapress.schemas.ValueCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurveyHandlerTest {
  private static final long MATRIX_BYTES =
      (long) TestCheckpoints.ROWS * TestCheckpoints.COLUMNS * Float.BYTES;

  @TempDir Path host;
  HandlerFixture fixture;

  @BeforeEach
  void layOutHost() throws IOException {
    fixture = HandlerFixture.in(host);
  }

  @Test
  void shouldPlanShardsWhenTensorsDoNotFitOne() throws Exception {
    try (TaskSources sources = fixture.taskSources()) {
      // Given
      Survey work = survey(HandlerFixture.compression(), MATRIX_BYTES + 1000);

      // When
      Surveyed surveyed = new SurveyHandler().handle(work, sources);

      // Then
      assertThat(surveyed.getShards())
          .extracting(SurveyedShard::getTensors)
          .containsExactly(List.of("layer.0.weight"), List.of("layer.1.weight", "norm.weight"));
      assertThat(surveyed.getShards())
          .extracting(SurveyedShard::getParameters)
          .containsExactly(64L * 48, 64L * 48 + 48);
      assertThat(surveyed.getDenseBytes())
          .isEqualTo((long) TestCheckpoints.PARAMETERS * Float.BYTES);
    }
  }

  @Test
  void shouldRefuseSettingsWhenNumberIsOutOfRange() {
    try (TaskSources sources = fixture.taskSources()) {
      // Given
      CompressionSettings settings =
          HandlerFixture.compression(CompressionMethod.DARE, -1, ValueCode.EXACT);
      Survey work = survey(settings, MATRIX_BYTES);

      // When / Then
      assertThatThrownBy(() -> new SurveyHandler().handle(work, sources))
          .isInstanceOfSatisfying(
              TaskRefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(ReasonCode.INVALID_REQUEST))
          .hasMessageStartingWith("Compression settings are refused: ")
          .hasMessageContaining("-1.0");
    }
  }

  @Test
  void shouldFailWhenNewerApplicationAsksForUnknownMethod() {
    try (TaskSources sources = fixture.taskSources()) {
      // Given
      CompressionSettings settings =
          HandlerFixture.compression(CompressionMethod.UNKNOWN, 0.5, ValueCode.EXACT);
      Survey work = survey(settings, MATRIX_BYTES);

      // When / Then
      assertThatThrownBy(() -> new SurveyHandler().handle(work, sources))
          .isInstanceOf(IOException.class)
          .hasMessage("The task names a compression method this worker does not know; upgrade it");
    }
  }

  @Test
  void shouldFailWhenNewerApplicationAsksForUnknownValues() {
    try (TaskSources sources = fixture.taskSources()) {
      // Given
      CompressionSettings settings =
          HandlerFixture.compression(CompressionMethod.DARE, 0.5, ValueCode.UNKNOWN);
      Survey work = survey(settings, MATRIX_BYTES);

      // When / Then
      assertThatThrownBy(() -> new SurveyHandler().handle(work, sources))
          .isInstanceOf(IOException.class)
          .hasMessage("The task names a value code this worker does not know; upgrade it");
    }
  }

  private Survey survey(CompressionSettings settings, long shardBytes) {
    return new Survey(fixture.baseDigest, "llama", "router", settings, shardBytes);
  }
}
