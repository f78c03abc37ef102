package io.deltapress.format.tensor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What identifies the weights of a checkpoint, independent of how they are spread over files, of
 * metadata, and of the order of the tensors.
 *
 * <p>SHA-256 over one line per tensor, sorted by name as UTF-8 bytes; a line is {@code
 * name<TAB>dtype<TAB>[d0,d1]<TAB>sha256<LF>} in UTF-8, where {@code sha256} is the lower-case
 * hexadecimal SHA-256 of the tensor's bytes as on disk. Names hold no control characters, so lines
 * are unambiguous.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record WeightsDigest(String hex) {

  /**
   * @throws IllegalArgumentException if {@code hex} is not 64 lower-case hexadecimal digits
   */
  public WeightsDigest {
    Sha256.requireHex(hex);
  }

  /**
   * The digest of a checkpoint with exactly these tensors.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  public static WeightsDigest of(Collection<TensorDigest> tensors) {
    List<TensorDigest> sorted =
        tensors.stream()
            .sorted(Comparator.comparing(tensor -> tensor.info().name(), TensorNames.ORDER))
            .toList();
    MessageDigest digest = Sha256.newDigest();
    Set<String> names = new HashSet<>();
    for (TensorDigest tensor : sorted) {
      if (!names.add(tensor.info().name())) {
        throw new IllegalArgumentException("tensor given twice: " + tensor.info().name());
      }
      digest.update(tensor.line().getBytes(StandardCharsets.UTF_8));
    }
    return new WeightsDigest(Sha256.hex(digest));
  }

  /** The hexadecimal digits. */
  @Override
  public String toString() {
    return hex;
  }
}
