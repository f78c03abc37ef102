package io.deltapress.format.artifact;

import io.deltapress.format.tensor.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * The content address of an artifact: SHA-256 over one line {@code index<TAB>sha256<LF>} per shard
 * file, in order, with the index in decimal from 0.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ArtifactDigest(String hex) {

  /**
   * @throws IllegalArgumentException if {@code hex} is not 64 lower-case hexadecimal digits
   */
  public ArtifactDigest {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not 64 lower-case hexadecimal digits: " + hex);
    }
  }

  /** The address of an artifact whose shard files have these SHA-256, in order. */
  public static ArtifactDigest of(List<String> shardSha256) {
    MessageDigest digest = Sha256.newDigest();
    for (int i = 0; i < shardSha256.size(); i++) {
      String line = i + "\t" + shardSha256.get(i) + "\n";
      digest.update(line.getBytes(StandardCharsets.US_ASCII));
    }
    return new ArtifactDigest(Sha256.hex(digest));
  }

  /** The hexadecimal digits. */
  @Override
  public String toString() {
    return hex;
  }
}
