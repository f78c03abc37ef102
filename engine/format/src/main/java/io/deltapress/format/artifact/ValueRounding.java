package io.deltapress.format.artifact;

/** How the rescaled deltas of a block are rounded to fewer bits. */
interface ValueRounding {

  /** The rounding of a value code other than exact. */
  static ValueRounding of(ValueCode code) {
    return switch (code) {
      case BF16 -> new HalfRounding.ToBFloat16();
      case F16 -> new HalfRounding.ToBinary16();
      case INT8 -> new GroupRounding(127);
      case INT4 -> new GroupRounding(7);
      case EXACT -> throw new IllegalArgumentException("exact values are not rounded");
    };
  }

  /**
   * Rounds finite values. What is too large to be stored decodes to something that is not finite.
   */
  void encode(float[] rescaled, int count, byte[] values, byte[] scales);

  /** Reads stored values. */
  void decode(byte[] values, byte[] scales, int count, float[] rescaled);
}
