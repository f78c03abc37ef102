package io.deltapress.app.worker;

import io.deltapress.follower.fetch.FetchException;
import io.deltapress.follower.fetch.ShardCache;
import io.deltapress.follower.fetch.ShardFetcher;
import io.deltapress.follower.fetch.StoredObjects;
import io.deltapress.follower.follow.Decoders;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Shards off the chunk topic and out of the store, as followers read them.
 *
 * <p><b>Threading notes.</b> Belongs to the thread that runs the tasks of one slot.
 */
final class ServedShards implements ShardSource {
  private final ShardFetcher fetcher;

  ServedShards(Connection connection, Optional<Path> store) {
    this.fetcher =
        new ShardFetcher(
            new Decoders(connection),
            () -> LaneClients.chunkConsumer(connection.consumerProperties()),
            store.map(StoredObjects::new),
            new StopSignal());
  }

  @Override
  public Path fetch(ShardManifest shard, Path directory)
      throws IOException, InterruptedException, TaskFailedException {
    try {
      return fetcher.fetch(shard, new ShardCache(directory));
    } catch (FetchException e) {
      throw new TaskFailedException(ReasonCode.STORE_UNAVAILABLE, String.valueOf(e.getMessage()));
    } catch (InterruptException e) {
      throw new InterruptedException(e.getMessage());
    }
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
