package io.deltapress.app.processor;

import io.deltapress.app.domain.RequestSource;
import io.deltapress.app.error.DeadLetters;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.serde.UndecodableRecordException;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Opens records of an input topic. What can be decoded goes on under the key that its own value
 * gives, since the partitioner of whoever wrote it is not trusted; what cannot becomes a dead
 * letter, and the next record is taken. A registry that cannot be reached says nothing about the
 * record: the exception stops the process, the transaction is undone and nothing is lost.
 *
 * <p>The bytes are forwarded as they came: they name the schema they were written with, and the
 * registry keeps that, so that a repartition topic needs no schema of its own.
 *
 * <p><b>Threading notes.</b> Belongs to the stream thread of its task.
 */
public final class DecodeProcessor<T> implements Processor<String, byte[], String, Object> {
  private static final int LONGEST_KEY = 512;

  private final Opening<T> opening;
  private @Nullable ProcessorContext<String, Object> context;

  private DecodeProcessor(Opening<T> opening) {
    this.opening = opening;
  }

  /**
   * How records are opened.
   *
   * @param maxBytes longest value that is opened; a longer one, or a destination key above 512
   *     characters, would grow past what brokers accept on its way through the topology
   * @param destination the key and the child node for a decoded value
   * @param deadLetterNode the child node for dead letters
   * @param kind of the requests; null for other records
   */
  public record Opening<T>(
      Deserializer<T> deserializer,
      int maxBytes,
      Function<T, Destination> destination,
      String deadLetterNode,
      PipelineMetrics metrics,
      @Nullable RequestKind kind)
      implements ProcessorSupplier<String, byte[], String, Object> {

    /** The same for records that are no requests of a model. */
    public Opening(
        Deserializer<T> deserializer,
        int maxBytes,
        Function<T, Destination> destination,
        String deadLetterNode,
        PipelineMetrics metrics) {
      this(deserializer, maxBytes, destination, deadLetterNode, metrics, null);
    }

    @Override
    public Processor<String, byte[], String, Object> get() {
      return new DecodeProcessor<>(this);
    }
  }

  /** Under which key a record goes on, and to which child node. */
  public record Destination(String key, String node) {}

  @Override
  public void init(ProcessorContext<String, Object> opened) {
    context = opened;
  }

  @Override
  public void process(Record<String, byte[]> record) {
    ProcessorContext<String, Object> opened = Objects.requireNonNull(context, "init comes first");
    RequestSource source = source(opened);
    byte @Nullable [] bytes = record.value();
    if (bytes == null || bytes.length > opening.maxBytes()) {
      bury(opened, record, source, null);
      return;
    }
    try {
      T value = opening.deserializer().deserialize(source.topic(), bytes);
      Destination destination = opening.destination().apply(value);
      if (destination.key().length() > LONGEST_KEY) {
        bury(opened, record, source, null);
        return;
      }
      opened.forward(
          record.<Object>withValue(bytes).withKey(destination.key()).withHeaders(headers(source)),
          destination.node());
      if (opening.kind() != null && opening.kind() != RequestKind.DELTA) {
        // Somebody waits for the answer: the planner sees the record when this is committed.
        opened.commit();
      }
    } catch (UndecodableRecordException e) {
      bury(opened, record, source, e);
    }
  }

  private Headers headers(RequestSource source) {
    return opening.kind() == null
        ? SourceHeaders.of(source)
        : SourceHeaders.of(source, opening.kind());
  }

  private void bury(
      ProcessorContext<String, Object> opened,
      Record<String, byte[]> record,
      RequestSource source,
      @Nullable UndecodableRecordException cause) {
    DeadLetters.RecordPlace place =
        new DeadLetters.RecordPlace(source.topic(), source.partition(), source.offset());
    Instant now = Instant.ofEpochMilli(opened.currentSystemTimeMs());
    DeadLetter letter = DeadLetters.undecodable(place, record.value(), cause, now);
    opening.metrics().deadLettered(ReasonCode.UNDECODABLE_RECORD.name());
    opened.forward(
        new Record<>(keyOf(record), letter, now.toEpochMilli()), opening.deadLetterNode());
  }

  /** The key as it came, unless it would not fit beside the dead letter. */
  private static @Nullable String keyOf(Record<String, byte[]> record) {
    String key = record.key();
    return key == null || key.length() > LONGEST_KEY ? null : key;
  }

  private static RequestSource source(ProcessorContext<String, Object> opened) {
    RecordMetadata metadata =
        opened
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("a record of a topic has a place"));
    return new RequestSource(metadata.topic(), metadata.partition(), metadata.offset());
  }
}
