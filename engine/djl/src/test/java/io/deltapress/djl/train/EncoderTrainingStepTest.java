package io.deltapress.djl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deltapress.djl.evaluate.LabelledSequence;
import io.deltapress.djl.memory.BackwardPass;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.ReproducibleBits;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.EncoderConfig;
import io.deltapress.djl.model.EncoderModel;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.model.TextTokenizer.SegmentedTokens;
import io.deltapress.djl.random.SplitMix64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@link TrainingStepTest}, for the losses of an encoder. */
@ExtendWith(NoArraysLeft.class)
class EncoderTrainingStepTest {

  private static final int ROUNDS = 6;

  private enum Loss {
    CLASSES(3) {
      @Override
      TrainingExamples.Batch batch(EncoderModel model) {
        return labelled(model, 2, 0, 1);
      }
    },
    NUMBERS(1) {
      @Override
      TrainingExamples.Batch batch(EncoderModel model) {
        return labelled(model, 0.5, -1.25, 3);
      }
    },
    MASKED_WORDS(3) {
      @Override
      TrainingExamples.Batch batch(EncoderModel model) {
        List<long[]> sentences = List.of(new long[] {1, 5, 9, 12}, new long[] {1, 7, 8});
        return new MaskedWordExamples(model, sentences, 3).batch(new int[] {0, 1, 9, 15});
      }
    };

    private final int labels;

    Loss(int labels) {
      this.labels = labels;
    }

    abstract TrainingExamples.Batch batch(EncoderModel model);

    private static TrainingExamples.Batch labelled(EncoderModel model, double... labels) {
      List<LabelledSequence> sequences =
          List.of(
              sequence(new long[] {1, 5, 9, 12, 4}, new long[] {0, 0, 0, 1, 1}, labels[0]),
              sequence(new long[] {1, 7}, new long[2], labels[1]),
              sequence(new long[] {1, 20, 21, 22}, new long[4], labels[2]));
      return new LabelExamples(model, sequences).batch(new int[] {0, 1, 2});
    }

    private static LabelledSequence sequence(long[] ids, long[] segments, double label) {
      return new LabelledSequence(new SegmentedTokens(ids, segments), label);
    }
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  @ReproducibleBits
  void shouldGiveTheSameGradientBitsWhenMemoryIsCollectedBeforeTheBackwardPass(Loss loss) {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        EncoderModel model = model(manager, loss)) {
      Map<String, float[]> calm = gradients(model, loss, () -> {});
      for (int round = 0; round < ROUNDS; round++) {

        // When
        Map<String, float[]> gradients = gradients(model, loss, new MemoryPressure());

        // Then
        gradients.forEach(
            (name, gradient) -> assertThat(gradient).as(name).containsExactly(calm.get(name)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void shouldGiveGradientsThatPredictTheChangeOfTheLoss(Loss loss) {
    // Given
    try (WithoutGradients off = new WithoutGradients();
        NDManager manager = TensorRuntime.newManager();
        EncoderModel model = model(manager, loss)) {
      Map<String, float[]> gradients = gradients(model, loss, () -> {});
      Map<String, float[]> direction = Directions.random(gradients);

      // When
      double distance = 1e-2;
      Directions.move(model, direction, distance);
      double above = value(model, loss, () -> {});
      Directions.move(model, direction, -2 * distance);
      double below = value(model, loss, () -> {});

      // Then: central difference; its own error is of order distance²
      double slope = (above - below) / (2 * distance);
      assertThat(slope)
          .isCloseTo(Directions.slope(gradients, direction), within(5e-3 * Math.abs(slope) + 1e-3));
    }
  }

  private static EncoderModel model(NDManager manager, Loss loss) {
    EncoderConfig config = new ModelSize(16, 24, 2, 4, 4).encoderConfig(30, loss.labels);
    EncoderModel model = new EncoderModel(config, new ModelWeights(manager, config.shapes()));
    SplitMix64 random = new SplitMix64(7);
    config
        .shapes()
        .forEach(
            (name, shape) -> {
              float[] values = new float[(int) shape.size()];
              for (int i = 0; i < values.length; i++) {
                double centre = name.endsWith("LayerNorm.weight") ? 1 : 0;
                values[i] = (float) (centre + 0.3 * random.nextGaussian());
              }
              model.weights().write(name, 0, values);
            });
    TinyModel.trainAll(model);
    return model;
  }

  private static Map<String, float[]> gradients(
      EncoderModel model, Loss loss, Runnable beforeBackward) {
    value(model, loss, beforeBackward);
    return TinyModel.takeGradients(model);
  }

  private static double value(EncoderModel model, Loss loss, Runnable beforeBackward) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return BackwardPass.run(loss.batch(model)::loss, beforeBackward);
    }
  }
}
