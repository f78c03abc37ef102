package io.deltapress.format.artifact;

import io.deltapress.format.AtomicFile;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Writes safetensors files that vouch for themselves, see {@link ContentSeal}. */
public final class SealedFile {
  private SealedFile() {}

  /** Writes the bytes of a tensor whose turn has come. */
  @FunctionalInterface
  public interface TensorSource {
    /** Writes all of it. */
    void writeTo(SafetensorsWriter writer, TensorInfo info) throws IOException;
  }

  /**
   * A file that was written.
   *
   * @param sha256 SHA-256 of all its bytes
   * @param bytes its length
   */
  public record Written(String sha256, long bytes) {}

  /**
   * Writes a file, seals it, and makes it visible under its name.
   *
   * @param target replaced if it exists
   * @param tensors in any order; names must differ
   * @param metadata everything but the digest
   * @throws BadInputException if the target is a directory, or its parent does not exist
   */
  public static Written write(
      Path target,
      Collection<TensorInfo> tensors,
      Map<String, String> metadata,
      TensorSource source)
      throws IOException {
    Map<String, String> blank = new HashMap<>(metadata);
    blank.put(ContentSeal.FIELD, ContentSeal.BLANK);
    Path unsealed = AtomicFile.beside(target);
    try {
      try (SafetensorsWriter writer = SafetensorsWriter.create(unsealed, tensors, blank)) {
        for (TensorInfo info : writer.order()) {
          source.writeTo(writer, info);
        }
        writer.commit();
      }
      String sha256 = ContentSeal.seal(unsealed);
      long bytes = Files.size(unsealed);
      moveInto(unsealed, target);
      return new Written(sha256, bytes);
    } finally {
      Files.deleteIfExists(unsealed);
    }
  }

  private static void moveInto(Path file, Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw BadInputException.of(target, "is a directory; choose the name of a file");
    }
    try {
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      throw new IOException(target + ": cannot be written: " + e, e);
    }
    AtomicFile.forceDirectory(target);
  }
}
