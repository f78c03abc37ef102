package io.deltapress.djl.study.plot;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tensor's name, ordered as the tensors are in the model: by the block's number, then as the
 * layers of a block follow each other, in the names of all families.
 *
 * @param tensor the name
 */
record LayerName(String tensor) implements Comparable<LayerName> {

  private static final Pattern NUMBER = Pattern.compile("\\.(\\d+)\\.");
  private static final List<String> IN_BLOCK =
      List.of(
          "q_proj",
          "k_proj",
          "v_proj",
          "query",
          "key",
          "value",
          "c_attn",
          "o_proj",
          "attention.output",
          "attn.c_proj",
          "gate_proj",
          "up_proj",
          "intermediate",
          "c_fc",
          "down_proj",
          "mlp.c_proj",
          "output.dense");
  private static final Comparator<LayerName> ORDER =
      Comparator.comparingInt(LayerName::block)
          .thenComparingInt(LayerName::place)
          .thenComparing(LayerName::tensor);

  /** The block's number; -1 for what is in none. */
  int block() {
    Matcher number = NUMBER.matcher(tensor);
    return number.find() ? Integer.parseInt(number.group(1)) : -1;
  }

  private int place() {
    for (int i = 0; i < IN_BLOCK.size(); i++) {
      if (tensor.contains(IN_BLOCK.get(i))) {
        return i;
      }
    }
    return IN_BLOCK.size();
  }

  @Override
  public int compareTo(LayerName other) {
    return ORDER.compare(this, other);
  }
}
