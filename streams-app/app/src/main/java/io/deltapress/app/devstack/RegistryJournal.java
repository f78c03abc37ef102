package io.deltapress.app.devstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an embedded registry was told, one JSON line each, so that records written before a restart
 * can be read after it. A line is on disk before its effect is visible; a line cut short by a crash
 * was never answered and is dropped.
 */
final class RegistryJournal implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One line: a schema with the id it got, or a compatibility level.
   *
   * @param subject the subject, null for the level of all subjects
   */
  record Entry(
      @Nullable String subject,
      @Nullable Integer id,
      @Nullable String schema,
      @Nullable String compatibility) {
    static Entry schema(String subject, int id, String schema) {
      return new Entry(subject, id, schema, null);
    }

    static Entry compatibility(@Nullable String subject, String level) {
      return new Entry(subject, null, null, level);
    }
  }

  private final FileChannel channel;

  private RegistryJournal(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens a journal and hands over what it holds, oldest first.
   *
   * @throws IOException if the file cannot be read or written, or a line of it makes no sense
   */
  static RegistryJournal open(Path file, Consumer<Entry> replayed) throws IOException {
    byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    int end = endOfLastLine(bytes);
    List<Entry> entries = parse(file, new String(bytes, 0, end, UTF_8));
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.truncate(end).position(end);
    entries.forEach(replayed);
    return new RegistryJournal(channel);
  }

  private static int endOfLastLine(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static List<Entry> parse(Path file, String lines) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      try {
        entries.add(JSON.readValue(line, Entry.class));
      } catch (JsonProcessingException e) {
        throw new IOException(
            "line %d of %s is not readable: restore the file, or start in an empty directory"
                .formatted(entries.size() + 1, file),
            e);
      }
    }
    return entries;
  }

  void append(Entry entry) throws IOException {
    ByteBuffer line = ByteBuffer.wrap((JSON.writeValueAsString(entry) + "\n").getBytes(UTF_8));
    while (line.hasRemaining()) {
      channel.write(line);
    }
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
