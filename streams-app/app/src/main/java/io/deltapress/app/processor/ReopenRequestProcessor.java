package io.deltapress.app.processor;

import io.deltapress.app.domain.RequestSource;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditSubmission;
import java.util.Objects;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Opens requests of all kinds that {@link DecodeProcessor} has opened before, on the other side of
 * the topic that puts those of a model in one order.
 *
 * <p><b>Threading notes.</b> Belongs to the stream thread of its task.
 */
public final class ReopenRequestProcessor
    implements Processor<String, byte[], String, PlannerInput> {
  private final Reopening reopening;
  private @Nullable ProcessorContext<String, PlannerInput> context;

  private ReopenRequestProcessor(Reopening reopening) {
    this.reopening = reopening;
  }

  /** How requests are opened again; each deserializer speaks of the topic of its kind. */
  public record Reopening(
      Deserializer<DeltaSubmission> deltas,
      Deserializer<EditSubmission> edits,
      Deserializer<ControlRequest> controls)
      implements ProcessorSupplier<String, byte[], String, PlannerInput> {
    @Override
    public Processor<String, byte[], String, PlannerInput> get() {
      return new ReopenRequestProcessor(this);
    }
  }

  @Override
  public void init(ProcessorContext<String, PlannerInput> opened) {
    context = opened;
  }

  @Override
  public void process(Record<String, byte[]> record) {
    RequestSource source = SourceHeaders.read(record.headers());
    byte[] bytes = record.value();
    PlannerInput input =
        switch (SourceHeaders.kind(record.headers())) {
          case DELTA ->
              new PlannerInput.Submitted(
                  reopening.deltas().deserialize(source.topic(), bytes), source);
          case EDIT ->
              new PlannerInput.Edited(reopening.edits().deserialize(source.topic(), bytes), source);
          case CONTROL ->
              new PlannerInput.Controlled(
                  reopening.controls().deserialize(source.topic(), bytes), source);
        };
    Objects.requireNonNull(context, "init comes first").forward(record.withValue(input));
  }
}
