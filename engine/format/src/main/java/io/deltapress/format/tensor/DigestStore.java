package io.deltapress.format.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import io.deltapress.format.AtomicFile;
import io.deltapress.format.BadInputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The entries of a {@link DigestCache} on disk: one JSON file per file of weights. */
final class DigestStore {
  private static final long VERSION = 1;
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Path directory;

  DigestStore(Path directory) {
    this.directory = directory.resolve("digests");
  }

  /** The digests of exactly these tensors in that state of their file, or null. */
  @Nullable Map<String, TensorDigest> load(FileStamp stamp, List<TensorInfo> tensors) {
    Path entry = entry(stamp);
    if (!Files.isRegularFile(entry)) {
      return null;
    }
    try (var bytes = new BufferedInputStream(Files.newInputStream(entry));
        StrictJson json = new StrictJson(entry, "entry", bytes)) {
      return new EntryParser(json).parse(stamp, tensors);
    } catch (IOException | IllegalArgumentException e) {
      // A damaged or foreign entry is as good as none; the next save replaces it.
      return null;
    }
  }

  /** Remembers; a cache that cannot be written is no reason to fail. */
  void save(FileStamp stamp, Collection<TensorDigest> digests) {
    try {
      byte[] json = encode(stamp, digests);
      Files.createDirectories(directory);
      try (AtomicFile file = AtomicFile.create(entry(stamp))) {
        file.write(ByteBuffer.wrap(json));
        file.commit();
      }
    } catch (IOException e) {
      // The digests themselves are right; they will be computed again next time.
      return;
    }
  }

  private Path entry(FileStamp stamp) {
    byte[] path = stamp.path().toString().getBytes(StandardCharsets.UTF_8);
    String key = HexFormat.of().formatHex(Sha256.newDigest().digest(path));
    return directory.resolve(key + ".json");
  }

  private static byte[] encode(FileStamp stamp, Collection<TensorDigest> digests)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("stamp", describe(stamp));
      json.writeStringField("weightsDigest", WeightsDigest.of(digests).hex());
      json.writeObjectFieldStart("tensors");
      for (TensorDigest digest : digests) {
        json.writeStringField(digest.info().name(), digest.sha256());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static String describe(FileStamp stamp) {
    return String.format(
        Locale.ROOT,
        "%s size=%d modified=%d changed=%d key=%s",
        stamp.path(),
        stamp.size(),
        stamp.modifiedNanos(),
        stamp.changedNanos(),
        stamp.fileKey());
  }

  /** Reads an entry and believes it only if every part of it agrees. */
  private static final class EntryParser {
    private final StrictJson json;
    private final Map<String, String> hexOf = new HashMap<>();
    private long version;
    private String stamp = "";
    private String weightsDigest = "";

    EntryParser(StrictJson json) {
      this.json = json;
    }

    @Nullable Map<String, TensorDigest> parse(FileStamp expected, List<TensorInfo> tensors)
        throws IOException {
      json.expect(JsonToken.START_OBJECT, "no entry");
      for (String key = json.nextKey(); key != null; key = json.nextKey()) {
        parseField(key);
      }
      json.expectEnd();
      boolean same = version == VERSION && stamp.equals(describe(expected));
      return same && hexOf.size() == tensors.size() ? digests(tensors) : null;
    }

    private void parseField(String key) throws IOException {
      switch (key) {
        case "version" -> {
          json.expect(JsonToken.VALUE_NUMBER_INT, "no version");
          version = json.isLong() ? json.longValue() : 0;
        }
        case "stamp" -> stamp = string();
        case "weightsDigest" -> weightsDigest = string();
        case "tensors" -> parseTensors();
        default -> throw json.bad("unknown field");
      }
    }

    private void parseTensors() throws IOException {
      json.expect(JsonToken.START_OBJECT, "no tensors");
      for (String name = json.nextKey(); name != null; name = json.nextKey()) {
        hexOf.put(name, string());
      }
    }

    private String string() throws IOException {
      json.expect(JsonToken.VALUE_STRING, "no string");
      return json.text();
    }

    private Map<String, TensorDigest> digests(List<TensorInfo> tensors) throws BadInputException {
      Map<String, TensorDigest> digests = new HashMap<>();
      for (TensorInfo info : tensors) {
        String hex = hexOf.get(info.name());
        if (hex == null) {
          throw json.bad("lacks a tensor");
        }
        digests.put(info.name(), new TensorDigest(info, hex));
      }
      if (!WeightsDigest.of(digests.values()).hex().equals(weightsDigest)) {
        throw json.bad("damaged");
      }
      return digests;
    }
  }
}
