package io.deltapress.follower.fetch;

import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.ShardManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Copies a stream of bytes to a file and checks on the way that it is the promised shard. */
final class VerifiedCopy {
  private static final int BUFFER_BYTES = 1 << 16;

  private VerifiedCopy() {}

  /**
   * @throws FetchException if the bytes are not those of the shard; the file is left to the caller
   */
  static void copy(InputStream from, ShardManifest shard, Path file, StopSignal stop)
      throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    long length = 0;
    try (FileChannel to =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (int read = from.read(buffer); read != -1; read = from.read(buffer)) {
        stop.check();
        length += read;
        if (length > shard.getLength()) {
          throw Shards.wrongLength(shard, "more than");
        }
        digest.update(buffer, 0, read);
        writeFully(to, ByteBuffer.wrap(buffer, 0, read));
      }
      to.force(true);
    }
    if (length < shard.getLength()) {
      throw Shards.wrongLength(shard, length + " of");
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    if (!actual.equals(shard.getSha256())) {
      throw Shards.corrupt(shard, actual);
    }
  }

  private static void writeFully(FileChannel to, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }
}
