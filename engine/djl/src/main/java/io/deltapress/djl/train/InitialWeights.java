package io.deltapress.djl.train;

import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.model.LlamaConfig;
import io.deltapress.djl.model.LlamaParameters;
import io.deltapress.djl.model.ModelWeights;
import io.deltapress.djl.random.SplitMix64;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Draws a new model's weights: matrices from N(0, 1 / fan-in), those that write into the residual
 * stream smaller by sqrt(2 layers), embeddings from N(0, 0.02²), norms 1.
 */
final class InitialWeights {

  private static final double EMBEDDING_DEVIATION = 0.02;

  private InitialWeights() {}

  static void fill(LlamaConfig config, ModelWeights weights, long seed) {
    LlamaParameters.shapes(config)
        .forEach((name, shape) -> weights.write(name, 0, draw(config, name, shape, seed)));
  }

  private static float[] draw(LlamaConfig config, String name, Shape shape, long seed) {
    float[] values = new float[Math.toIntExact(shape.size())];
    if (shape.dimension() == 1) {
      Arrays.fill(values, 1);
      return values;
    }
    return gaussian(name, values.length, deviation(config, name, shape), seed);
  }

  /** Numbers from N(0, deviation²) that depend on seed and name only. */
  static float[] gaussian(String name, int count, double deviation, long seed) {
    float[] values = new float[count];
    SplitMix64 random = streamOf(name, seed);
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }

  /** Tensors draw from streams of their own, so their order does not matter. */
  static SplitMix64 streamOf(String name, long seed) {
    CRC32 checksum = new CRC32();
    checksum.update(name.getBytes(StandardCharsets.UTF_8));
    return SplitMix64.forPurpose(seed, checksum.getValue());
  }

  private static double deviation(LlamaConfig config, String name, Shape shape) {
    if (!LlamaParameters.isProjection(name)) {
      return EMBEDDING_DEVIATION;
    }
    double deviation = 1 / StrictMath.sqrt((double) shape.get(1));
    boolean residual = name.contains(".o_proj.") || name.contains(".down_proj.");
    return residual ? deviation / StrictMath.sqrt(2.0 * config.layers()) : deviation;
  }
}
