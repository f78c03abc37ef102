package io.deltapress.app.worker;

import io.deltapress.app.storage.ObjectKey;
import io.deltapress.app.storage.ObjectStore;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the bytes of a shard durable where the task wants them. */
final class ShardDelivery {
  private final ChunkPublisher chunks;
  private final Optional<ObjectStore> store;

  ShardDelivery(ChunkPublisher chunks, Optional<ObjectStore> store) {
    this.chunks = chunks;
    this.store = store;
  }

  /**
   * @param sha256 digest of the file
   * @return where the bytes are, as manifests carry it
   */
  Object deliver(Path shard, String sha256, Delivery delivery)
      throws IOException, InterruptedException, TaskFailedException {
    return switch (delivery) {
      case INLINE -> chunks.publish(shard, sha256);
      case STORED -> store(shard, sha256);
      case UNKNOWN ->
          throw new IOException("The task names a delivery this worker does not know; upgrade it");
    };
  }

  private StoredObject store(Path shard, String sha256) throws IOException, TaskFailedException {
    ObjectStore goal =
        store.orElseThrow(
            () ->
                new TaskFailedException(
                    ReasonCode.STORE_UNAVAILABLE,
                    "The artifact is too large for Kafka and this worker has no store;"
                        + " set store.directory"));
    ObjectKey key = ObjectKey.ofSha256(sha256);
    goal.put(key, shard);
    return new StoredObject(goal.name(), key.value());
  }
}
