package io.deltapress.format.lora;

import io.deltapress.format.tensor.TensorInfo;

/**
 * A linear layer that an adapter changes.
 *
 * @param name path of the layer as Hugging Face has it, such as {@code
 *     model.layers.0.self_attn.q_proj}
 * @param inputFactor A, [r, inputs]
 * @param outputFactor B, [outputs, r]
 * @param scale what B · A is multiplied by
 */
public record LoraModule(
    String name, TensorInfo inputFactor, TensorInfo outputFactor, double scale) {
  private static final String PREFIX = "base_model.model.";
  static final String INPUT_FACTOR = ".lora_A.weight";
  static final String OUTPUT_FACTOR = ".lora_B.weight";

  /** What PEFT calls A of a module on disk. */
  public static String inputFactorName(String module) {
    return PREFIX + module + INPUT_FACTOR;
  }

  /** What PEFT calls B of a module on disk. */
  public static String outputFactorName(String module) {
    return PREFIX + module + OUTPUT_FACTOR;
  }

  static boolean isPrefixed(String tensor) {
    return tensor.startsWith(PREFIX);
  }

  static String withoutPrefix(String tensor) {
    return tensor.substring(PREFIX.length());
  }

  /** r. */
  public int rank() {
    return Math.toIntExact(inputFactor.shape().dimension(0));
  }

  /** Elements of an input. */
  public long inputs() {
    return inputFactor.shape().dimension(1);
  }

  /** Elements of an output. */
  public long outputs() {
    return outputFactor.shape().dimension(0);
  }
}
