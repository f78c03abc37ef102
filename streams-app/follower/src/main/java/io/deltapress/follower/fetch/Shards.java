package io.deltapress.follower.fetch;

import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ShardManifest;

/** What a manifest may claim of a shard, and the words for shards that are not as claimed. */
final class Shards {
  /** Most bytes of a chunk. */
  static final int MAX_CHUNK_BYTES = 700_000;

  /** Most chunks of a shard. */
  static final int MAX_CHUNKS = 1_000_000;

  /** Longest shard, in bytes: the largest file of the safetensors format is not longer. */
  static final long MAX_BYTES = 1L << 48;

  private Shards() {}

  /** Checks what a manifest claims, before anything is allocated for it. */
  static void requirePossible(ShardManifest shard) throws FetchException {
    if (!Sha256.isHex(shard.getSha256())) {
      throw impossible(shard, "its SHA-256 is not 64 lower-case hex digits");
    }
    if (shard.getLength() < 1 || shard.getLength() > MAX_BYTES) {
      throw impossible(shard, "its length is %d bytes".formatted(shard.getLength()));
    }
  }

  /** Checks the number of chunks against the length of the shard. */
  static void requirePossible(ShardManifest shard, InlineChunks inline) throws FetchException {
    long chunks = inline.getChunks();
    if (chunks < 1 || chunks > MAX_CHUNKS || chunks > shard.getLength()) {
      throw impossible(shard, "it has %d chunks".formatted(chunks));
    }
    if (shard.getLength() > chunks * MAX_CHUNK_BYTES) {
      throw impossible(
          shard,
          "%d chunks of at most %d bytes do not make %d bytes"
              .formatted(chunks, MAX_CHUNK_BYTES, shard.getLength()));
    }
    if (inline.getPartition() < 0 || inline.getFirstOffset() < 0) {
      throw impossible(shard, "its partition or offset is negative");
    }
  }

  private static FetchException impossible(ShardManifest shard, String why) {
    return new FetchException(
        "Shard %d has an impossible manifest: %s; publish the version again"
            .formatted(shard.getIndex(), why));
  }

  static FetchException corrupt(ShardManifest shard, String actual) {
    return new FetchException(
        "Shard %d is corrupt: its bytes have SHA-256 %s, not %s; publish the version again"
            .formatted(shard.getIndex(), actual, shard.getSha256()));
  }

  static FetchException wrongLength(ShardManifest shard, String actual) {
    return new FetchException(
        "Shard %d is corrupt: there are %s the %d bytes of its manifest; publish the version again"
            .formatted(shard.getIndex(), actual, shard.getLength()));
  }
}
