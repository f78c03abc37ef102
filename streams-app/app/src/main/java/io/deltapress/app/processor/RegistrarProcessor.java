package io.deltapress.app.processor;

import io.deltapress.app.domain.BaseRegistrar;
import io.deltapress.app.domain.BaseState;
import io.deltapress.app.domain.Output;
import io.deltapress.app.metrics.PipelineMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Has registered bases checked and tells the verdicts.
 *
 * <p><b>Threading notes.</b> Belongs to the stream thread of its task, punctuation included.
 */
public final class RegistrarProcessor implements Processor<String, RegistrarInput, String, Object> {
  private static final Duration LOOK_AT_THE_CLOCK = Duration.ofSeconds(1);

  private final Office office;
  private final TurnMetrics metrics;
  private @Nullable ProcessorContext<String, Object> context;
  private @Nullable KeyValueStore<String, BaseState> bases;

  private RegistrarProcessor(Office office) {
    this.office = office;
    this.metrics = new TurnMetrics(office.metrics());
  }

  /** What a registrar is made of. */
  public record Office(BaseRegistrar registrar, Routes routes, PipelineMetrics metrics)
      implements ProcessorSupplier<String, RegistrarInput, String, Object> {
    @Override
    public Processor<String, RegistrarInput, String, Object> get() {
      return new RegistrarProcessor(this);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Stores.ofRegistrar();
    }
  }

  @Override
  public void init(ProcessorContext<String, Object> opened) {
    context = opened;
    bases = opened.getStateStore(Stores.REGISTRAR_BASES);
    opened.schedule(LOOK_AT_THE_CLOCK, PunctuationType.WALL_CLOCK_TIME, this::lookAfterAll);
  }

  @Override
  public void process(Record<String, RegistrarInput> record) {
    ProcessorContext<String, Object> opened = Objects.requireNonNull(context, "init comes first");
    Instant now = Instant.ofEpochMilli(opened.currentSystemTimeMs());
    String digest = record.key();
    Optional<BaseState> known = Optional.ofNullable(openBases().get(digest));
    if (record.value() instanceof RegistrarInput.Registered registered) {
      finish(office.registrar().registered(known, registered.registration(), now), opened);
      return;
    }
    RegistrarInput.Answered answered = (RegistrarInput.Answered) record.value();
    known.ifPresent(
        base -> finish(office.registrar().answered(base, answered.result(), now), opened));
  }

  private void lookAfterAll(long time) {
    ProcessorContext<String, Object> opened = Objects.requireNonNull(context, "init comes first");
    for (BaseState base : underCheck()) {
      finish(office.registrar().lookAfter(base, Instant.ofEpochMilli(time)), opened);
    }
  }

  private List<BaseState> underCheck() {
    List<BaseState> underCheck = new ArrayList<>();
    try (KeyValueIterator<String, BaseState> all = openBases().all()) {
      all.forEachRemaining(
          entry -> {
            if (entry.value.task() != null) {
              underCheck.add(entry.value);
            }
          });
    }
    return underCheck;
  }

  private void finish(BaseRegistrar.Decision decision, ProcessorContext<String, Object> opened) {
    openBases().put(decision.base().digest(), decision.base());
    metrics.decided(decision.outputs());
    for (Output output : decision.outputs()) {
      office.routes().forward(opened, output, opened.currentSystemTimeMs());
    }
  }

  private KeyValueStore<String, BaseState> openBases() {
    return Objects.requireNonNull(bases, "init comes first");
  }
}
