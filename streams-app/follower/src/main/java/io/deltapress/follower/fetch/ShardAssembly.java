package io.deltapress.follower.fetch;

import io.deltapress.follower.follow.StopSignal;
import io.deltapress.schemas.ShardManifest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes one shard of the chunks that are met while reading forward. A task may have been worked on
 * twice, so chunks come repeated, in any order once the topic has been compacted, and cut
 * differently where two workers were configured differently: each way of cutting is put together by
 * itself, and the first that has the right digest wins.
 */
final class ShardAssembly implements Closeable {
  private static final int MAX_CUTS = 4;

  private final ShardManifest shard;
  private final int count;
  private final ShardCache cache;
  private final StopSignal stop;
  private final Map<Integer, Slices> cuts = new LinkedHashMap<>();
  private @Nullable String lastWrongDigest;

  ShardAssembly(ShardManifest shard, int count, ShardCache cache, StopSignal stop) {
    this.shard = shard;
    this.count = count;
    this.cache = cache;
    this.stop = stop;
  }

  /**
   * Takes a chunk; one that cannot be of this shard is ignored.
   *
   * @return the file of the shard when it is complete and verified
   */
  Optional<Path> add(int index, ByteBuffer data) throws IOException {
    int size = Slices.sliceBytes(shard.getLength(), count, index, data.remaining());
    if (size == 0 || (!cuts.containsKey(size) && cuts.size() == MAX_CUTS)) {
      return Optional.empty();
    }
    Slices slices = cuts.get(size);
    if (slices == null) {
      slices = Slices.create(shard, size, count, cache.newPart(shard, String.valueOf(size)));
      cuts.put(size, slices);
    }
    boolean wasComplete = slices.isComplete();
    slices.put(index, data);
    return slices.isComplete() && !wasComplete ? verified(slices) : Optional.empty();
  }

  /**
   * Looks once more, after the last chunk, at what later copies may have repaired.
   *
   * @throws FetchException if the shard is not there
   */
  Path finish() throws IOException {
    for (Slices slices : cuts.values()) {
      if (slices.isComplete() && slices.hasChangedSinceVerified()) {
        Optional<Path> file = verified(slices);
        if (file.isPresent()) {
          return file.get();
        }
      }
    }
    if (lastWrongDigest != null) {
      throw Shards.corrupt(shard, lastWrongDigest);
    }
    throw new FetchException(
        "Shard %d is incomplete: chunk %d of %d is not in the topic; publish the version again"
            .formatted(shard.getIndex(), firstMissing(), count));
  }

  private int firstMissing() {
    return cuts.values().stream().mapToInt(Slices::firstMissing).max().orElse(0);
  }

  private Optional<Path> verified(Slices slices) throws IOException {
    String digest = slices.digest(stop);
    if (!digest.equals(shard.getSha256())) {
      lastWrongDigest = digest;
      return Optional.empty();
    }
    return Optional.of(cache.commit(shard, slices.commit()));
  }

  /** Removes what is not needed any more. */
  @Override
  public void close() throws IOException {
    for (Slices slices : cuts.values()) {
      slices.close();
      Files.deleteIfExists(slices.file());
    }
  }
}
