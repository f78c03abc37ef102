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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers what goes into one file of an artifact and writes it. */
final class ArtifactFile {
  static final String SHARD = "shard";
  static final String SHARDS = "shards";

  /** Prefix of the metadata fields that hold an entry each. */
  static final String ENTRY = "tensor/";

  private final ArtifactHeader header;
  private final Map<String, String> metadata = new HashMap<>();
  private final Map<String, Piece> pieces = new HashMap<>();

  ArtifactFile(ArtifactHeader header, int shard, int shards) {
    this.header = header;
    metadata.putAll(header.metadata());
    metadata.put(SHARD, Integer.toString(shard));
    metadata.put(SHARDS, Integer.toString(shards));
    metadata.put(ContentSeal.FIELD, ContentSeal.BLANK);
  }

  void add(TensorEntry entry, List<Piece> ofEntry) {
    String name = entry.info().name();
    metadata.put(ENTRY + name, entry.line());
    if (entry.kind() == TensorEntry.Kind.PRUNED) {
      metadata.putAll(header.metadataOf(name));
    }
    ofEntry.forEach(piece -> pieces.put(piece.info().name(), piece));
  }

  /** How large a written file is and what identifies it. */
  record Written(String sha256, long bytes) {}

  /** Writes the file, seals it, and makes it visible under its name. */
  Written write(Path target) throws IOException {
    Path unsealed = AtomicFile.beside(target);
    try {
      writeUnsealed(unsealed);
      String sha256 = ContentSeal.seal(unsealed);
      long bytes = Files.size(unsealed);
      moveInto(unsealed, target);
      return new Written(sha256, bytes);
    } finally {
      Files.deleteIfExists(unsealed);
    }
  }

  private void writeUnsealed(Path file) throws IOException {
    List<TensorInfo> infos = new ArrayList<>();
    pieces.values().forEach(piece -> infos.add(piece.info()));
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, metadata)) {
      for (TensorInfo info : writer.order()) {
        pieces.get(info.name()).source().writeTo(writer, info.name());
      }
      writer.commit();
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
