package io.deltapress.djl.model;

import io.deltapress.format.BadInputException;

/** Reads what {@code config.json} says of a GPT-2 model. */
final class Gpt2ConfigFile {

  private Gpt2ConfigFile() {}

  static Gpt2Config config(ConfigJson json) throws BadInputException {
    json.requireDefault("activation_function", "gelu_new");
    json.requireDefault("scale_attn_weights", "true");
    json.requireDefault("scale_attn_by_inverse_layer_idx", "false");
    json.requireDefault("add_cross_attention", "false");
    int hidden = json.integer("n_embd");
    return new Gpt2Config(
        json.integer("vocab_size"),
        hidden,
        json.integer("n_inner", Math.multiplyExact(4, hidden)),
        json.integer("n_layer"),
        json.integer("n_head"),
        json.decimal("layer_norm_epsilon", 1e-5),
        json.integer("n_positions", 1024),
        json.flag("tie_word_embeddings", true),
        json.firstInteger("eos_token_id", 50_256),
        Gpt2Config.PREFIX);
  }
}
