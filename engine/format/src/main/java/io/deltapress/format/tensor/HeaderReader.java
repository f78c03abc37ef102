package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads the header of one safetensors file and checks every rule of the format. */
final class HeaderReader {
  private final Path path;
  private final HeaderBudget budget;

  HeaderReader(Path path, HeaderBudget budget) {
    this.path = path;
    this.budget = budget;
  }

  Header read() throws IOException {
    FileStamp stamp = FileStamp.of(path);
    MappedFile file = new MappedFile(path, stamp, MappedFile.WINDOW_BYTES);
    try (FileChannel channel = FileChannel.open(stamp.path(), StandardOpenOption.READ)) {
      Header header = read(file, channel);
      file.requireUnchanged();
      HeaderLayout.check(header);
      return header;
    } catch (EOFException e) {
      throw file.changed(e);
    } catch (FileSystemException e) {
      throw FileStamp.unreadable(path, e);
    }
  }

  private Header read(MappedFile file, FileChannel channel) throws IOException {
    long headerBytes = headerBytes(channel, file.size());
    budget.spendHeaderBytes(path, headerBytes);
    requireBrace(channel);
    channel.position(Header.LENGTH_BYTES);
    InputStream bytes = new BoundedStream(Channels.newInputStream(channel), headerBytes);
    try (StrictJson json = new StrictJson(path, "header", new BufferedInputStream(bytes))) {
      HeaderParser parser = new HeaderParser(path, json, budget);
      parser.parse();
      return new Header(file, headerBytes, parser.entries(), parser.metadata());
    }
  }

  private long headerBytes(FileChannel channel, long size) throws IOException {
    if (size < Header.LENGTH_BYTES) {
      throw bad(
          "file of "
              + size
              + " bytes is shorter than the 8-byte header length; fetch it again or convert it to"
              + " safetensors");
    }
    long length = read(channel, 0, Long.BYTES).getLong();
    if (length < 0 || length > Header.MAX_HEADER_BYTES) {
      throw bad(
          "header length "
              + Long.toUnsignedString(length)
              + " exceeds the limit of "
              + Header.MAX_HEADER_BYTES
              + " bytes; this is no safetensors file");
    }
    if (length > size - Header.LENGTH_BYTES) {
      throw bad(
          "header length "
              + length
              + " exceeds the "
              + (size - Header.LENGTH_BYTES)
              + " bytes after it; the file is cut off or no safetensors file");
    }
    return length;
  }

  private void requireBrace(FileChannel channel) throws IOException {
    // A header of no bytes at all has no brace either, whatever follows.
    byte first = channel.size() > Long.BYTES ? read(channel, Long.BYTES, 1).get() : 0;
    if (first != '{') {
      throw bad("header does not begin with '{'; this is no safetensors file");
    }
  }

  private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException();
      }
    }
    return buffer.flip();
  }

  private BadInputException bad(String rule) {
    return BadInputException.of(path, rule);
  }
}
