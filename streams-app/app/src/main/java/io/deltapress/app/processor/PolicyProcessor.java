package io.deltapress.app.processor;

import io.deltapress.app.domain.Output;
import io.deltapress.app.domain.PolicyRegistrar;
import io.deltapress.app.domain.RequestSource;
import io.deltapress.schemas.Policy;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Tells which policies hold, from records that {@link DecodeProcessor} has opened before.
 *
 * <p><b>Threading notes.</b> Belongs to the stream thread of its task.
 */
public final class PolicyProcessor implements Processor<String, byte[], String, Object> {
  private final Office office;
  private @Nullable ProcessorContext<String, Object> context;

  private PolicyProcessor(Office office) {
    this.office = office;
  }

  /**
   * What it is made of.
   *
   * @param topic that policies come from
   */
  public record Office(
      Deserializer<Policy> deserializer, String topic, PolicyRegistrar registrar, Routes routes)
      implements ProcessorSupplier<String, byte[], String, Object> {
    @Override
    public Processor<String, byte[], String, Object> get() {
      return new PolicyProcessor(this);
    }
  }

  @Override
  public void init(ProcessorContext<String, Object> opened) {
    context = opened;
  }

  @Override
  public void process(Record<String, byte[]> record) {
    ProcessorContext<String, Object> opened = Objects.requireNonNull(context, "init comes first");
    Policy policy = office.deserializer().deserialize(office.topic(), record.value());
    RequestSource source = SourceHeaders.read(record.headers());
    Instant now = Instant.ofEpochMilli(opened.currentSystemTimeMs());
    for (Output output : office.registrar().received(policy, source, now)) {
      office.routes().forward(opened, output, record.timestamp());
    }
  }
}
