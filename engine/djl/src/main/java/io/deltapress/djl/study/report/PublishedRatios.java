package io.deltapress.djl.study.report;

import java.util.List;

/** What others state about their own compression of deltas; theirs, not rerun here. */
final class PublishedRatios {

  static final List<Published> ALL =
      List.of(
          new Published(
              "BitDelta (NeurIPS 2024)",
              "more than 10x",
              "sign mask and one scale per matrix; GPU memory, models of 7 to 70 billion"
                  + " parameters"),
          new Published(
              "DeltaZip", "9.86x", "2:4 sparsity, 2 bits, gdeflate; Vicuna 7B, file on disk"),
          new Published(
              "ComPEFT (TMLR)", "8x to 50x", "sparse ternary values; adapters and full deltas"),
          new Published(
              "UltraDelta (NeurIPS 2025)",
              "LLaMA-2 50x, RoBERTa and T5 224x, ViT 132x, BEiT-3 18x",
              "third version of its abstract; the second said 133x, 800x, 400x, 40x"));

  private PublishedRatios() {}

  /**
   * A row.
   *
   * @param name of the work
   * @param ratio as stated there
   * @param what it is the ratio of
   */
  record Published(String name, String ratio, String what) {}
}
