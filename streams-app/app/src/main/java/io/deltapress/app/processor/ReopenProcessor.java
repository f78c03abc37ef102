package io.deltapress.app.processor;

import io.deltapress.app.domain.RequestSource;
import java.util.Objects;
import java.util.function.BiFunction;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Opens a record that {@link DecodeProcessor} has opened before, on the other side of a repartition
 * topic. It was decodable there, so any failure here is one of the process.
 *
 * <p><b>Threading notes.</b> Belongs to the stream thread of its task.
 */
public final class ReopenProcessor<T, I> implements Processor<String, byte[], String, I> {
  private final Reopening<T, I> reopening;
  private @Nullable ProcessorContext<String, I> context;

  private ReopenProcessor(Reopening<T, I> reopening) {
    this.reopening = reopening;
  }

  /**
   * How records are opened again.
   *
   * @param topic the topic they first came from
   * @param input what the processor behind takes, from a value and its source
   */
  public record Reopening<T, I>(
      Deserializer<T> deserializer, String topic, BiFunction<T, RequestSource, I> input)
      implements ProcessorSupplier<String, byte[], String, I> {
    @Override
    public Processor<String, byte[], String, I> get() {
      return new ReopenProcessor<>(this);
    }
  }

  @Override
  public void init(ProcessorContext<String, I> opened) {
    context = opened;
  }

  @Override
  public void process(Record<String, byte[]> record) {
    T value = reopening.deserializer().deserialize(reopening.topic(), record.value());
    I input = reopening.input().apply(value, SourceHeaders.read(record.headers()));
    Objects.requireNonNull(context, "init comes first").forward(record.withValue(input));
  }
}
