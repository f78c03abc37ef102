package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.lora.LoraAdapterWriter;
import io.deltapress.format.lora.LoraConfig;
import io.deltapress.format.lora.LoraModule;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.CompressionSettings;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.Surveyed;
import io.deltapress.schemas.SurveyedShard;
import io.deltapress.schemas.ValueCode;
import java.io.IOException;
import java.nio.ByteBuffer;
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
  void shouldPlanTheMergedWeightsWhenTheFineTuneIsAnAdapter() throws Exception {
    // Given
    ScratchDirectory.remove(fixture.fineTunedPath());
    List<TensorInfo> factors =
        List.of(
            factor(LoraModule.inputFactorName("layer.1"), 2, TestCheckpoints.COLUMNS),
            factor(LoraModule.outputFactorName("layer.1"), TestCheckpoints.ROWS, 2));
    try (LoraAdapterWriter writer =
        LoraAdapterWriter.create(
            fixture.fineTunedPath(),
            LoraConfig.of(2, 4, false),
            new LoraAdapterWriter.Description("llama", "CAUSAL_LM", List.of("1"), List.of()),
            factors)) {
      for (TensorInfo info : writer.order()) {
        writer.write(info.name(), ByteBuffer.allocate((int) info.byteLength()));
      }
      writer.commit();
    }
    try (TaskSources sources = fixture.taskSources()) {

      // When
      Surveyed surveyed =
          new SurveyHandler().handle(survey(HandlerFixture.compression(), 1 << 30), sources);

      // Then
      assertThat(surveyed.getShards())
          .extracting(SurveyedShard::getTensors)
          .containsExactly(TestCheckpoints.TENSORS);
    }
  }

  private static TensorInfo factor(String name, long rows, long columns) {
    return new TensorInfo(name, DType.F32, Shape.of(rows, columns));
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
