package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.tensor.MetadataFields;
import io.deltapress.format.tensor.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * The digest by which an artifact file vouches for itself: SHA-256 over all its bytes, with the 64
 * digits of the digest itself read as zeros.
 */
public final class ContentSeal {
  /** The metadata field with the digest. */
  public static final String FIELD = "content_sha256";

  /** What stands in the field until the file is sealed. */
  static final String BLANK = "0".repeat(64);

  private static final int BUFFER_BYTES = 1 << 20;
  private static final int MAX_HEADER_BYTES = 100_000_000;

  private ContentSeal() {}

  /**
   * The digest that a file claims.
   *
   * @throws BadInputException if it claims none
   */
  public static String claimed(MetadataFields metadata) throws BadInputException {
    return metadata.require(FIELD, text -> Optional.of(text).filter(Sha256::isHex));
  }

  /**
   * Writes the digest into a file whose field is blank.
   *
   * @return SHA-256 of the file as it is then
   */
  static String seal(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      byte[] header = header(channel);
      MessageDigest digest = Sha256.newDigest();
      digest.update(header);
      updateFrom(channel, header.length, digest);
      byte[] digits = Sha256.hex(digest).getBytes(StandardCharsets.US_ASCII);
      int at = indexOf(header, BLANK);
      System.arraycopy(digits, 0, header, at, digits.length);
      writeFully(channel, digits, at);
      channel.force(true);
      digest.update(header);
      updateFrom(channel, header.length, digest);
      return Sha256.hex(digest);
    }
  }

  private static void writeFully(FileChannel channel, byte[] bytes, long position)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer, position + buffer.position());
    }
  }

  /**
   * Checks a file against its own digest.
   *
   * @param claimed what its field says
   * @return SHA-256 of the file
   * @throws IntegrityException if the file is not as it was sealed
   */
  public static String check(Path file, String claimed) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      byte[] header = header(channel);
      int at = indexOf(header, claimed);
      if (at < 0) {
        throw BadInputException.of(file, "writes its field " + FIELD + " with escapes");
      }
      MessageDigest whole = Sha256.newDigest();
      whole.update(header);
      MessageDigest content = Sha256.newDigest();
      Arrays.fill(header, at, at + claimed.length(), (byte) '0');
      content.update(header);
      updateFrom(channel, header.length, whole, content);
      if (!Sha256.hex(content).equals(claimed)) {
        throw new IntegrityException(
            file + ": the file was damaged or changed after it was made; fetch it again");
      }
      return Sha256.hex(whole);
    }
  }

  /** The header with the eight bytes of its length; the file was opened as safetensors before. */
  private static byte[] header(FileChannel channel) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, length, 0);
    if (length.getLong(0) < 0 || length.getLong(0) > Math.min(MAX_HEADER_BYTES, channel.size())) {
      throw new IOException("the file was changed while it was read");
    }
    ByteBuffer header = ByteBuffer.allocate(Long.BYTES + (int) length.getLong(0));
    readFully(channel, header, 0);
    return header.array();
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long from)
      throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, from + into.position()) < 0) {
        throw new IOException("the file was cut off while it was read");
      }
    }
  }

  private static void updateFrom(FileChannel channel, long from, MessageDigest... digests)
      throws IOException {
    byte[] block = new byte[BUFFER_BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(block);
    long at = from;
    while (channel.read(buffer.clear(), at) > 0) {
      at += buffer.position();
      for (MessageDigest digest : digests) {
        digest.update(block, 0, buffer.position());
      }
    }
  }

  private static int indexOf(byte[] header, String digits) {
    return new String(header, StandardCharsets.ISO_8859_1).indexOf(digits);
  }
}
