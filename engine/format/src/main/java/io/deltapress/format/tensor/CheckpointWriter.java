package io.deltapress.format.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.deltapress.format.AtomicFile;
import io.deltapress.format.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a checkpoint of any size: a Hugging Face directory, sharded if it is large, or one file.
 *
 * <p>It appears under its name, whole and durable, with {@link #commit()}; closing without it
 * leaves nothing behind. Not safe for use by several threads.
 */
public final class CheckpointWriter implements Closeable {
  /** Shard size of common tools: 5 GB. */
  public static final long DEFAULT_MAX_SHARD_BYTES = 5_000_000_000L;

  private static final String INDEX_FILE = "model" + Checkpoints.INDEX_SUFFIX;

  private final Destination destination;
  private final List<OutputFile> shards;
  private final Map<String, String> metadata;
  private final List<TensorInfo> order;
  private int index = -1;
  private @Nullable SafetensorsWriter writer;

  private CheckpointWriter(
      Destination destination, List<OutputFile> shards, Map<String, String> metadata) {
    this.destination = destination;
    this.shards = shards;
    this.metadata = Map.copyOf(metadata);
    this.order = shards.stream().flatMap(shard -> shard.tensors().stream()).toList();
  }

  /**
   * Begins a checkpoint.
   *
   * @param target a path that ends in {@code .safetensors} becomes one file, replaced if it exists;
   *     any other a directory, which must be absent or empty
   * @param tensors in any order; names must differ
   * @param metadata {@code __metadata__} of every file
   * @param maxShardBytes of a directory: tensor bytes above which it is sharded; a larger tensor is
   *     a shard of its own
   * @throws io.deltapress.format.BadInputException if the target is a directory with something in
   *     it, or its parent does not exist
   */
  public static CheckpointWriter create(
      Path target, Collection<TensorInfo> tensors, Map<String, String> metadata, long maxShardBytes)
      throws IOException {
    if (maxShardBytes <= 0) {
      throw new IllegalArgumentException("maxShardBytes must be positive, not " + maxShardBytes);
    }
    boolean single = target.toString().endsWith(Checkpoints.FILE_SUFFIX);
    List<OutputFile> shards = OutputFile.plan(tensors, single ? Long.MAX_VALUE : maxShardBytes);
    Destination destination = single ? Destination.file(target) : Destination.directory(target);
    return new CheckpointWriter(destination, shards, metadata);
  }

  /**
   * Writes all of a checkpoint, tensors and metadata, as a model of its own.
   *
   * @param source what is written
   * @param like where the other files of the model are, as {@link #copyOtherFiles} takes them
   * @param target as in {@link #create}
   * @param progress told the bytes of every tensor once it is written
   * @throws io.deltapress.format.BadInputException as in {@link #create}
   */
  public static void writeModel(
      Checkpoint source, Path like, Path target, ProgressListener progress) throws IOException {
    try (CheckpointWriter writer =
        create(target, source.tensors().values(), source.metadata(), DEFAULT_MAX_SHARD_BYTES)) {
      for (TensorInfo info : writer.order()) {
        writer.copy(source.data(info.name()));
        progress.advanced(info.byteLength());
      }
      writer.copyOtherFiles(like);
      writer.commit();
    }
  }

  /** The tensors in the order in which they must be written. */
  public List<TensorInfo> order() {
    return order;
  }

  /**
   * Appends bytes to a tensor: the next one of {@link #order()} that is not complete. A tensor may
   * be written in as many calls as is convenient; one without bytes needs none.
   *
   * @throws IllegalStateException if it is another tensor's turn, or the bytes are too many
   */
  public void write(String tensor, ByteBuffer... pieces) throws IOException {
    for (ByteBuffer piece : pieces) {
      if (piece.hasRemaining()) {
        writerWithTurn().write(tensor, piece);
      }
    }
  }

  /** Writes all of a tensor, whose name, type and shape must be those of its turn. */
  public void copy(TensorData data) throws IOException {
    long length = data.byteLength();
    for (long at = 0; at < length; at += TensorData.MAX_SLICE_BYTES) {
      int slice = (int) Math.min(TensorData.MAX_SLICE_BYTES, length - at);
      write(data.info().name(), data.slice(at, slice));
    }
  }

  /**
   * Copies what else a model's directory holds, such as {@code config.json} and the tokenizer: its
   * files that are neither weights nor hidden nor links out of it. Does nothing when one file is
   * written or the source is no directory.
   */
  public void copyOtherFiles(Path source) throws IOException {
    destination.copyOtherFiles(source);
  }

  /**
   * Makes the checkpoint durable and visible.
   *
   * @throws IllegalStateException if a tensor is not complete
   */
  public void commit() throws IOException {
    while (index < shards.size() - 1) {
      next();
    }
    finishShard();
    if (shards.size() > 1) {
      writeIndex();
    }
    destination.commit();
  }

  private SafetensorsWriter writerWithTurn() throws IOException {
    while (writer == null || (writer.isComplete() && index < shards.size() - 1)) {
      next();
    }
    return writer;
  }

  private void next() throws IOException {
    finishShard();
    index++;
    OutputFile shard = shards.get(index);
    writer =
        SafetensorsWriter.create(destination.resolve(shard.fileName()), shard.tensors(), metadata);
  }

  private void finishShard() throws IOException {
    if (writer != null) {
      writer.commit();
      writer.close();
      writer = null;
    }
  }

  private void writeIndex() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeObjectFieldStart("metadata");
      json.writeNumberField("total_size", totalBytes());
      json.writeEndObject();
      writeWeightMap(json);
      json.writeEndObject();
    }
    try (AtomicFile file = AtomicFile.create(destination.resolve(INDEX_FILE))) {
      file.write(ByteBuffer.wrap(bytes.toByteArray()));
      file.commit();
    }
  }

  private long totalBytes() {
    return order.stream().mapToLong(TensorInfo::byteLength).sum();
  }

  private void writeWeightMap(JsonGenerator json) throws IOException {
    TreeMap<String, String> shardOf = new TreeMap<>(TensorNames.ORDER);
    for (OutputFile shard : shards) {
      shard.tensors().forEach(info -> shardOf.put(info.name(), shard.fileName()));
    }
    json.writeObjectFieldStart("weight_map");
    for (var placed : shardOf.entrySet()) {
      json.writeStringField(placed.getKey(), placed.getValue());
    }
    json.writeEndObject();
  }

  /** Deletes what was written unless it was committed. */
  @Override
  public void close() throws IOException {
    try {
      if (writer != null) {
        writer.close();
      }
    } finally {
      destination.close();
    }
  }
}
