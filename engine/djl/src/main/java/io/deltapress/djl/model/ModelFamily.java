package io.deltapress.djl.model;

/** The architectures that are computed here. */
public enum ModelFamily {
  /** RMSNorm, rotary positions, SwiGLU, no biases. */
  LLAMA("LlamaForCausalLM");

  private final String architecture;

  ModelFamily(String architecture) {
    this.architecture = architecture;
  }

  /**
   * Names the family as {@code config.json} does under {@code architectures}.
   *
   * @return the class name of Hugging Face's implementation
   */
  public String architecture() {
    return architecture;
  }
}
