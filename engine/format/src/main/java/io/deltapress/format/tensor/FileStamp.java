package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from another without reading it.
 *
 * @param path real path, without links
 * @param size bytes
 * @param modifiedNanos time of the last modification, nanoseconds since 1970
 * @param changedNanos time of the last change of the inode where the file system keeps it (it
 *     cannot be set back by hand), else 0
 * @param fileKey inode and device where there are such, else empty
 */
record FileStamp(Path path, long size, long modifiedNanos, long changedNanos, String fileKey) {

  /** The present state of a file that must be a regular one; links are followed. */
  static FileStamp of(Path file) throws IOException {
    try {
      Path real = file.toRealPath();
      BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw BadInputException.of(file, "not a regular file");
      }
      return new FileStamp(
          real,
          attributes.size(),
          attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          changedNanos(real),
          attributes.fileKey() == null ? "" : attributes.fileKey().toString());
    } catch (FileSystemException e) {
      throw unreadable(file, e);
    }
  }

  /** The one-line form of a refusal by the file system. */
  static BadInputException unreadable(Path file, FileSystemException cause) {
    if (cause instanceof NoSuchFileException) {
      return new BadInputException(file + ": no such file or directory; check the path", cause);
    }
    if (cause instanceof AccessDeniedException) {
      return new BadInputException(file + ": permission denied; make it readable", cause);
    }
    String reason = cause.getReason() == null ? cause.getMessage() : cause.getReason();
    return new BadInputException(file + ": cannot be opened: " + reason, cause);
  }

  /** The failure for a file that changed under the reader's hands. */
  static BadInputException changed(Path file, @Nullable Throwable cause) {
    return new BadInputException(
        file + ": changed since it was opened; run again when nothing writes to it", cause);
  }

  /** Whether the content is the same as far as can be told; a mere new link does not matter. */
  boolean sameContent(FileStamp other) {
    return path.equals(other.path)
        && size == other.size
        && modifiedNanos == other.modifiedNanos
        && fileKey.equals(other.fileKey);
  }

  private static long changedNanos(Path real) throws IOException {
    if (!real.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return 0;
    }
    return ((FileTime) Files.getAttribute(real, "unix:ctime")).to(TimeUnit.NANOSECONDS);
  }
}
