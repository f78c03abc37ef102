package io.deltapress.follower.fetch;

import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.ShardManifest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.HexFormat;

/**
 * The chunks of one shard cut into slices of one size, put in their places in a file in whatever
 * order they come. A later copy of a chunk replaces an earlier one.
 */
final class Slices implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ShardManifest shard;
  private final int sliceBytes;
  private final int count;
  private final Path file;
  private final FileChannel channel;
  private final BitSet seen;
  private boolean changedSinceVerified = true;

  private Slices(ShardManifest shard, int sliceBytes, int count, Path file, FileChannel channel) {
    this.shard = shard;
    this.sliceBytes = sliceBytes;
    this.count = count;
    this.file = file;
    this.channel = channel;
    this.seen = new BitSet(count);
  }

  static Slices create(ShardManifest shard, int sliceBytes, int count, Path file)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    return new Slices(shard, sliceBytes, count, file, channel);
  }

  /**
   * The size of all slices but the last, as one chunk tells it.
   *
   * @return 0 if no slicing of the shard has such a chunk
   */
  static int sliceBytes(long length, int count, int index, int chunkBytes) {
    if (chunkBytes < 1 || count == 1) {
      return chunkBytes == length ? chunkBytes : 0;
    }
    boolean last = index == count - 1;
    long size = last ? (length - chunkBytes) / (count - 1) : chunkBytes;
    long rest = length - size * (count - 1);
    boolean possible = size <= Shards.MAX_CHUNK_BYTES && rest >= 1 && rest <= size;
    return possible && (!last || rest == chunkBytes) ? (int) size : 0;
  }

  /** Puts a chunk in its place. */
  void put(int index, ByteBuffer data) throws IOException {
    ByteBuffer bytes = data.duplicate();
    long at = (long) index * sliceBytes;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    seen.set(index);
    changedSinceVerified = true;
  }

  boolean isComplete() {
    return seen.cardinality() == count;
  }

  /** Index of the first chunk that has not been seen. */
  int firstMissing() {
    return seen.nextClearBit(0);
  }

  boolean hasChangedSinceVerified() {
    return changedSinceVerified;
  }

  /** The SHA-256 of what is there, in hexadecimal. */
  String digest(StopSignal stop) throws IOException {
    changedSinceVerified = false;
    MessageDigest digest = Sha256.newDigest();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long at = 0;
    while (at < shard.getLength()) {
      stop.check();
      int read = channel.read(buffer.clear(), at);
      if (read < 0) {
        break;
      }
      at += read;
      digest.update(buffer.flip());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Brings the file to the disk. */
  Path commit() throws IOException {
    channel.force(true);
    return file;
  }

  Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
