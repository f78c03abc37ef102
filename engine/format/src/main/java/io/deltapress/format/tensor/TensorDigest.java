package io.deltapress.format.tensor;

import io.deltapress.format.ProgressListener;
import java.io.IOException;
import java.security.MessageDigest;

/**
 * A tensor and the SHA-256 of its bytes.
 *
 * @param sha256 64 lower-case hexadecimal digits
 */
public record TensorDigest(TensorInfo info, String sha256) {
  private static final int BLOCK_BYTES = 1 << 20;

  /**
   * @throws IllegalArgumentException if {@code sha256} is not 64 lower-case hexadecimal digits
   */
  public TensorDigest {
    Sha256.requireHex(sha256);
  }

  /**
   * Reads a tensor and computes its digest.
   *
   * @param progress told of the bytes read
   */
  public static TensorDigest of(TensorData data, ProgressListener progress) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    long length = data.byteLength();
    byte[] block = new byte[(int) Math.min(BLOCK_BYTES, length)];
    for (long at = 0; at < length; at += block.length) {
      int count = (int) Math.min(block.length, length - at);
      data.copyTo(at, block, 0, count);
      digest.update(block, 0, count);
      progress.advanced(count);
    }
    return new TensorDigest(data.info(), Sha256.hex(digest));
  }

  /** The line of the weights digest: name, dtype, shape, digest, separated by tabs. */
  String line() {
    return info.name()
        + '\t'
        + info.dtype()
        + '\t'
        + info.shape().canonicalForm()
        + '\t'
        + sha256
        + '\n';
  }
}
