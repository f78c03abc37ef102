package io.deltapress.app.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects as files below one directory, which workers and followers share (a local disk in the
 * demonstration, a network file system in a cluster). A write goes to a temporary file beside its
 * goal, is forced to disk and renamed, so a reader never meets half an object; the directory is
 * forced as well, so that the name survives a power cut.
 */
public final class FileSystemObjectStore implements ObjectStore {
  /** What manifests call this kind of store. */
  public static final String NAME = "file";

  private static final Logger LOGGER = LoggerFactory.getLogger(FileSystemObjectStore.class);
  private static final int BUFFER_BYTES = 1 << 16;
  private static final String TEMPORARY_SUFFIX = ".part";

  private final Path root;

  private FileSystemObjectStore(Path root) {
    this.root = root;
  }

  /**
   * Opens a store, creating its directory if need be.
   *
   * @throws StoreUnavailableException if the directory cannot be created or is none
   */
  public static FileSystemObjectStore open(Path root) throws StoreUnavailableException {
    try {
      Files.createDirectories(root);
      return new FileSystemObjectStore(root.toRealPath());
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "Store directory %s cannot be used (%s); create it or set store.directory"
              .formatted(root, reason(e)),
          e);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void put(ObjectKey key, Path file) throws StorageException {
    Path goal = fileOf(key);
    if (holds(key)) {
      // Whoever put it may have died between giving it its name and making the name durable.
      forceNames(key, goal);
      return;
    }
    Path temporary =
        goal.resolveSibling(goal.getFileName() + "." + UUID.randomUUID() + TEMPORARY_SUFFIX);
    try {
      Files.createDirectories(goal.getParent());
      copyDurably(key, file, temporary);
      Files.move(
          temporary, goal, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (StorageException e) {
      throw e;
    } catch (IOException e) {
      throw unavailable("written", key, e);
    } finally {
      discard(temporary);
    }
    forceNames(key, goal);
  }

  @Override
  public InputStream open(ObjectKey key, ByteRange range) throws StorageException {
    FileChannel channel = openChannel(key);
    try {
      long length = channel.size();
      if (range.offset() > length) {
        channel.close();
        throw new InvalidRangeException(NAME, key, range, length);
      }
      channel.position(range.offset());
      return new BoundedStream(Channels.newInputStream(channel), range.length());
    } catch (InvalidRangeException e) {
      throw e;
    } catch (IOException e) {
      throw unavailable("read", key, e);
    }
  }

  @Override
  public boolean exists(ObjectKey key) {
    return Files.isRegularFile(fileOf(key), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void delete(ObjectKey key) throws StorageException {
    try {
      Files.deleteIfExists(fileOf(key));
    } catch (IOException e) {
      throw unavailable("deleted", key, e);
    }
  }

  private FileChannel openChannel(ObjectKey key) throws StorageException {
    try {
      return FileChannel.open(fileOf(key), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new ObjectNotFoundException(NAME, key);
    } catch (IOException e) {
      throw unavailable("read", key, e);
    }
  }

  /** True only if the whole object is there, byte for byte: a rotten one is written again. */
  private boolean holds(ObjectKey key) throws StorageException {
    if (!exists(key)) {
      return false;
    }
    try (InputStream stored = VerifiedStream.open(this, key)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      int read = 0;
      while (read != -1) {
        read = stored.read(buffer);
      }
      return true;
    } catch (ObjectCorruptException | ObjectNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw unavailable("read", key, e);
    }
  }

  /** A key has only hex digits and slashes, so that the file cannot lie outside the root. */
  private Path fileOf(ObjectKey key) {
    return root.resolve(key.value());
  }

  /** Makes the names of an object and of the directories above it durable. */
  private void forceNames(ObjectKey key, Path goal) throws WriteOutcomeUnknownException {
    for (Path directory = goal.getParent();
        directory != null && directory.startsWith(root);
        directory = directory.getParent()) {
      forceName(key, directory);
    }
  }

  private static void copyDurably(ObjectKey key, Path file, Path temporary) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (from.read(buffer) != -1) {
        buffer.flip();
        digest.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.force(true);
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    if (!actual.equals(key.sha256())) {
      throw new ObjectCorruptException("File " + file.getFileName(), key, actual);
    }
  }

  private static void forceName(ObjectKey key, Path directory) throws WriteOutcomeUnknownException {
    try {
      forceDirectory(directory);
    } catch (IOException e) {
      throw new WriteOutcomeUnknownException(NAME, key, e);
    }
  }

  private static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Best effort: a leftover is invisible to readers, and how the put ended matters more. */
  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      LOGGER.warn("Temporary file {} is left behind: {}", temporary.getFileName(), reason(e));
    }
  }

  private static StoreUnavailableException unavailable(
      String verb, ObjectKey key, IOException cause) {
    return new StoreUnavailableException(
        "Object %s could not be %s in store %s (%s); check its disk and permissions"
            .formatted(key, verb, NAME, reason(cause)),
        cause);
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName();
  }
}
