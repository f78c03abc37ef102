package io.deltapress.format.mask;

import io.deltapress.format.tensor.WeightsDigest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The seed of a published delta. It follows from who publishes what on which base, so publishing
 * the same fine-tune again keeps the same positions and shows no new ones.
 */
public final class MaskSeed {
  private static final String DOMAIN = "dp-seed-1";

  private MaskSeed() {}

  /**
   * The first eight bytes, little-endian, of SHA-256 over {@code dp-seed-1}, the tenant in UTF-8
   * and the two weights digests in hexadecimal, with a zero byte after each of the first three.
   *
   * @param tenant whose delta it is; without a zero character
   * @param base digest of the base
   * @param fineTuned digest of the fine-tuned weights
   */
  public static long derive(String tenant, WeightsDigest base, WeightsDigest fineTuned) {
    MessageDigest sha256 = TensorKey.sha256();
    for (String part : new String[] {DOMAIN, tenant, base.hex()}) {
      sha256.update(part.getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
    }
    sha256.update(fineTuned.hex().getBytes(StandardCharsets.US_ASCII));
    return TensorKey.firstLong(sha256.digest());
  }
}
