package io.deltapress.format.artifact;

import java.io.IOException;
import java.nio.file.Path;
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
  }

  void add(TensorEntry entry, List<Piece> ofEntry) {
    String name = entry.info().name();
    metadata.put(ENTRY + name, entry.line());
    if (entry.kind() == TensorEntry.Kind.PRUNED) {
      metadata.putAll(header.metadataOf(name));
    }
    ofEntry.forEach(piece -> pieces.put(piece.info().name(), piece));
  }

  /** Writes the file, seals it, and makes it visible under its name. */
  SealedFile.Written write(Path target) throws IOException {
    return SealedFile.write(
        target,
        pieces.values().stream().map(Piece::info).toList(),
        metadata,
        (writer, info) -> pieces.get(info.name()).source().writeTo(writer, info.name()));
  }
}
