package io.deltapress.app.domain;

import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.TensorChecksum;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;

/** Digests of wholes from the digests of their parts. */
final class Checksums {
  private Checksums() {}

  /** The digest of weights whose tensors have these checksums. */
  static WeightsDigest weightsDigest(Collection<TensorChecksum> checksums) {
    return WeightsDigest.of(checksums.stream().map(Checksums::tensorDigest).toList());
  }

  private static TensorDigest tensorDigest(TensorChecksum checksum) {
    DType dtype =
        DType.of(checksum.getDtype())
            .orElseThrow(
                () -> new IllegalArgumentException("no such dtype: " + checksum.getDtype()));
    Shape shape = Shape.of(checksum.getShape().stream().mapToLong(Long::longValue).toArray());
    return new TensorDigest(new TensorInfo(checksum.getName(), dtype, shape), checksum.getSha256());
  }

  /** Why no checkpoint can have these tensors, if so. */
  static Optional<String> broken(Collection<TensorChecksum> checksums) {
    try {
      weightsDigest(checksums);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
