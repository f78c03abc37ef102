package io.deltapress.djl.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The architectures that are computed here. */
public enum ModelFamily {
  /** RMSNorm, rotary positions, SwiGLU, no biases. */
  LLAMA("LlamaForCausalLM"),
  /** As Llama, with biases on queries, keys and values. */
  QWEN2("Qwen2ForCausalLM"),
  /** LayerNorm, learned positions, GELU, matrices stored [inputs, outputs]. */
  GPT2("GPT2LMHeadModel"),
  /** An encoder with a classification head on its pooled first token. */
  BERT("BertForSequenceClassification", "BertModel", "BertForMaskedLM", "BertForPreTraining"),
  /** As BERT, with positions that start behind the padding id and another head. */
  ROBERTA("RobertaForSequenceClassification", "RobertaModel", "RobertaForMaskedLM");

  private final String architecture;
  private final List<String> withoutHead;

  ModelFamily(String architecture, String... withoutHead) {
    this.architecture = architecture;
    this.withoutHead = List.of(withoutHead);
  }

  /**
   * Finds the family of an architecture.
   *
   * @param architecture an entry of {@code architectures} in {@code config.json}, with the head
   *     that is computed here or a pre-trained encoder without it
   * @return the family
   * @throws IllegalArgumentException naming the supported ones when it is none of them
   */
  static ModelFamily of(String architecture) {
    for (ModelFamily family : values()) {
      if (family.architecture.equals(architecture) || family.withoutHead.contains(architecture)) {
        return family;
      }
    }
    String supported =
        Arrays.stream(values())
            .flatMap(f -> Stream.concat(Stream.of(f.architecture), f.withoutHead.stream()))
            .collect(Collectors.joining(", "));
    throw new IllegalArgumentException(
        "architecture %s is not supported; supported are %s".formatted(architecture, supported));
  }

  /**
   * Names the family as {@code config.json} does under {@code architectures}.
   *
   * @return the class name of Hugging Face's implementation
   */
  public String architecture() {
    return architecture;
  }

  /**
   * Tells encoders, which classify whole texts, from decoders, which continue them.
   *
   * @return true for an encoder
   */
  public boolean isEncoder() {
    return this == BERT || this == ROBERTA;
  }
}
