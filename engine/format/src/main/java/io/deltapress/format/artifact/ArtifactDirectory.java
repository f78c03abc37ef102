package io.deltapress.format.artifact;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.deltapress.format.AtomicFile;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A sharded artifact that is being made: a hidden directory beside its target, renamed when all
 * shards are there. Laid out as Hugging Face does, so that tools which know nothing of artifacts
 * can list the tensors.
 */
final class ArtifactDirectory implements Closeable {
  private static final String INDEX_FILE = "model.safetensors.index.json";

  private final Path target;
  private final Path staging;
  private final List<Path> shards = new ArrayList<>();
  private boolean committed;

  private ArtifactDirectory(Path target, Path staging) {
    this.target = target;
    this.staging = staging;
  }

  static ArtifactDirectory begin(Path out) throws IOException {
    Path target = out.toAbsolutePath().normalize();
    if (Files.exists(target) && !isEmptyDirectory(target)) {
      throw BadInputException.of(
          out, "exists already and is no empty directory; remove it or choose another path");
    }
    Path staging = AtomicFile.beside(target);
    try {
      Files.createDirectory(staging);
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          out + ": its parent does not exist; create it or choose another path", e);
    } catch (FileSystemException e) {
      throw new IOException(out + ": cannot be written: " + e, e);
    }
    return new ArtifactDirectory(target, staging);
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> children = Files.list(path)) {
      return children.findAny().isEmpty();
    }
  }

  /** Where to write a shard. */
  Path shard(int index, int count) {
    Path file = staging.resolve(DeltaArtifact.fileName(index, count));
    shards.add(file);
    return file;
  }

  /** Writes the index and makes everything visible. */
  void commit() throws IOException {
    writeIndex();
    AtomicFile.forceDirectory(staging.resolve(INDEX_FILE));
    try {
      Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      throw new IOException(target + ": cannot be written: " + e, e);
    }
    committed = true;
    AtomicFile.forceDirectory(target);
  }

  private void writeIndex() throws IOException {
    Map<String, String> fileOf = new TreeMap<>();
    long bytes = 0;
    for (Path shard : shards) {
      try (Checkpoint opened = Checkpoints.open(shard)) {
        for (TensorInfo info : opened.tensors().values()) {
          fileOf.put(info.name(), shard.getFileName().toString());
          bytes += info.byteLength();
        }
      }
    }
    try (AtomicFile file = AtomicFile.create(staging.resolve(INDEX_FILE))) {
      file.write(ByteBuffer.wrap(json(fileOf, bytes)));
      file.commit();
    }
  }

  private static byte[] json(Map<String, String> fileOf, long totalBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      // The default printer would break lines as the platform does.
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
      json.writeStartObject();
      json.writeObjectFieldStart("metadata");
      json.writeNumberField("total_size", totalBytes);
      json.writeEndObject();
      json.writeObjectFieldStart("weight_map");
      for (var placed : fileOf.entrySet()) {
        json.writeStringField(placed.getKey(), placed.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() throws IOException {
    if (committed || !Files.exists(staging)) {
      return;
    }
    try (Stream<Path> children = Files.list(staging)) {
      for (Path child : children.toList()) {
        Files.delete(child);
      }
    }
    Files.delete(staging);
  }
}
