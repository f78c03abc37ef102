package io.deltapress.app.domain;

import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * The artifact of an edit as the ledger keeps it, see {@link EditEntry}.
 *
 * @param foundation what it was computed on, see {@link Foundation#key}
 * @param chunks where it travels on Kafka; null where it is in a store
 * @param object where it is in a store; null where it travels on Kafka
 */
public record KeptArtifact(
    String foundation,
    String method,
    String sha256,
    long length,
    @Nullable Chunks chunks,
    @Nullable Stored object,
    int rank,
    double norm) {

  /** As {@link InlineChunks} says it. */
  public record Chunks(int partition, long firstOffset, int count) {}

  /** As {@link StoredObject} says it. */
  public record Stored(String store, String key) {}

  static KeptArtifact of(EditEntry entry, String foundation) {
    ShardManifest file = entry.getArtifact();
    Object location = file.getLocation();
    return new KeptArtifact(
        foundation,
        entry.getMethod(),
        file.getSha256(),
        file.getLength(),
        location instanceof InlineChunks chunks
            ? new Chunks(chunks.getPartition(), chunks.getFirstOffset(), chunks.getChunks())
            : null,
        location instanceof StoredObject object
            ? new Stored(object.getStore(), object.getKey())
            : null,
        entry.getRank(),
        entry.getNorm());
  }

  EditEntry toEntry(String editId) {
    Object location =
        chunks != null
            ? new InlineChunks(chunks.partition(), chunks.firstOffset(), chunks.count())
            : object == null ? null : new StoredObject(object.store(), object.key());
    return new EditEntry(
        editId, method, new ShardManifest(0, sha256, length, location), rank, norm);
  }
}
