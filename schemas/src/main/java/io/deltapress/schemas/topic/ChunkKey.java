package io.deltapress.schemas.topic;

/**
 * Key {@code sha256/000000}: one chunk of a shard.
 *
 * @param shardSha256 SHA-256 of the whole shard
 * @param index index of the chunk, counted from 0
 */
public record ChunkKey(String shardSha256, int index) {
  /**
   * Checks both parts.
   *
   * @throws IllegalArgumentException with one line for a person when a part is not possible
   */
  public ChunkKey {
    Names.requireSha256(shardSha256);
    if (index < 0) {
      throw new IllegalArgumentException(
          "Chunk %d is not possible: chunks count from 0.".formatted(index));
    }
  }

  /**
   * Reads a key back.
   *
   * @throws IllegalArgumentException with one line for a person when the text is no such key
   */
  public static ChunkKey parse(String key) {
    int slash = key.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "'%s' is not a chunk: write it as sha256/000000.".formatted(Names.printable(key)));
    }
    return new ChunkKey(
        key.substring(0, slash), SequenceNumber.parse("chunk", key.substring(slash + 1)));
  }

  /** Returns the key as it stands in the record. */
  @Override
  public String toString() {
    return shardSha256 + "/" + SequenceNumber.format(index);
  }
}
