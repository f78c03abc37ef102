package io.deltapress.format.artifact;

import io.deltapress.format.tensor.Sha256;
import io.deltapress.format.tensor.TensorDigest;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The checksum of a tensor: known beforehand, or computed from its bytes as they pass. */
final class Checksum {
  private final @Nullable String known;
  private final MessageDigest digest = Sha256.newDigest();

  private Checksum(@Nullable String known) {
    this.known = known;
  }

  static Checksum of(@Nullable TensorDigest known) {
    return new Checksum(known == null ? null : known.sha256());
  }

  void update(byte[] bytes, int length) {
    if (known == null) {
      digest.update(bytes, 0, length);
    }
  }

  /** The lower-case hexadecimal digits; to be asked for once. */
  String hex() {
    return known == null ? Sha256.hex(digest) : known;
  }
}
