package io.deltapress.djl.rescale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.importance.CalibrationBatch;
import io.deltapress.djl.importance.CalibrationText;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.model.TransformerModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The top-5 error is held against whole models in {@link RescaleFitterTest}. */
@ExtendWith(NoArraysLeft.class)
class OutputChangeTest {

  private static final String CHANGED = "model.layers.0.mlp.up_proj.weight";

  @TempDir private static Path shared;
  private static TinyPair pair;

  @BeforeAll
  static void writePair() throws IOException {
    pair = TinyPair.write(shared, random -> .1 * random.nextGaussian());
  }

  @ParameterizedTest
  @EnumSource(OutputComparison.class)
  void shouldBeNothingWhereNothingChanged(OutputComparison comparison) throws IOException {
    // Given
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel model = ModelDirectory.load(manager, pair.fineTuned());
        OutputChange change = OutputChange.of(model, batches(model), comparison)) {

      // When
      double unchanged = change.measure();
      model.weights().write(CHANGED, 0, new float[24 * 16]);
      double changed = change.measure();

      // Then
      assertThat(unchanged).isCloseTo(0, within(1e-6));
      assertThat(changed).isGreaterThan(1e-3);
    }
  }

  @Test
  void shouldMeasureHiddenStatesAndDivergencesAsASlowLoopDoes() throws IOException {
    // Given
    double hidden = 0;
    double divergence = 0;
    int tokens = 0;
    try (NDManager manager = TensorRuntime.newManager();
        TransformerModel expected = ModelDirectory.load(manager, pair.fineTuned());
        TransformerModel found = ModelDirectory.load(manager, pair.base());
        TransformerModel model = ModelDirectory.load(manager, pair.fineTuned());
        OutputChange hiddenChange = OutputChange.ofHiddenState(model, batches(model));
        OutputChange divergenceChange = OutputChange.ofDivergence(model, batches(model))) {
      for (CalibrationBatch batch : batches(model)) {
        float[][] states = states(expected, found, batch);
        float[][] logits = logits(expected, found, batch);
        tokens += batch.realTokens().length;
        for (long token : batch.realTokens()) {
          hidden += absolute(states[0], states[1], (int) token, 16);
          divergence += divergence(logits[0], logits[1], (int) token, 43);
        }
      }

      // When
      for (String tensor : model.weights().arrays().keySet()) {
        model.weights().write(tensor, 0, found.weights().read(tensor));
      }

      // Then
      assertThat(hiddenChange.measure()).isCloseTo(hidden / tokens, within(1e-5));
      assertThat(divergenceChange.measure()).isCloseTo(divergence / tokens, within(1e-5));
      assertThat(hiddenChange.average()).isEqualTo(MaskAverage.MEAN_WITHOUT_OUTLIER);
      assertThat(divergenceChange.average()).isEqualTo(MaskAverage.MEAN);
    }
  }

  private static double absolute(float[] left, float[] right, int token, int width) {
    double sum = 0;
    for (int i = token * width; i < (token + 1) * width; i++) {
      sum += Math.abs((double) left[i] - right[i]) / width;
    }
    return sum;
  }

  private static double divergence(float[] left, float[] right, int token, int width) {
    double leftTotal = 0;
    double rightTotal = 0;
    for (int i = token * width; i < (token + 1) * width; i++) {
      leftTotal += Math.exp(left[i]);
      rightTotal += Math.exp(right[i]);
    }
    double sum = 0;
    for (int i = token * width; i < (token + 1) * width; i++) {
      double p = Math.exp(left[i]) / leftTotal;
      sum += p * Math.log(p / (Math.exp(right[i]) / rightTotal));
    }
    return sum;
  }

  private static float[][] states(
      TransformerModel left, TransformerModel right, CalibrationBatch batch) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return new float[][] {
        left.hidden(batch.inputs()).toFloatArray(), right.hidden(batch.inputs()).toFloatArray()
      };
    }
  }

  private static float[][] logits(
      TransformerModel left, TransformerModel right, CalibrationBatch batch) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return new float[][] {
        left.logits(batch.inputs()).toFloatArray(), right.logits(batch.inputs()).toFloatArray()
      };
    }
  }

  private static List<CalibrationBatch> batches(TransformerModel model) throws IOException {
    try (TextTokenizer tokenizer = ModelDirectory.tokenizer(pair.base())) {
      return CalibrationText.read(pair.calibration(), tokenizer, model);
    }
  }
}
