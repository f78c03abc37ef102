package io.deltapress.app.processor;

import io.deltapress.app.domain.Lane;
import io.deltapress.app.domain.Output;
import io.deltapress.app.domain.PlannerSettings;
import io.deltapress.app.domain.PlanningDesk;
import io.deltapress.app.domain.PlanningDesk.Turn;
import io.deltapress.app.domain.RequestValidators;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Runs the planning desk of one partition: requests, answers, verdicts about bases, and once a
 * second a look at the clock.
 *
 * <p><b>Threading notes.</b> Belongs to the stream thread of its task. Punctuation comes on the
 * same thread, so turns never overlap. The desk is opened anew in {@code init}, which also follows
 * a restoration after a crash or a broken transaction.
 */
public final class PlannerProcessor implements Processor<String, PlannerInput, String, Object> {
  private static final Duration LOOK_AT_THE_CLOCK = Duration.ofSeconds(1);

  /** How far beyond its window a batch of edits may wait. */
  private static final Duration LOOK_AT_WINDOWS = Duration.ofMillis(50);

  private final Plan plan;
  private final TurnMetrics metrics;
  private @Nullable ProcessorContext<String, Object> context;
  private @Nullable PlanningDesk desk;

  private PlannerProcessor(Plan plan) {
    this.plan = plan;
    this.metrics = new TurnMetrics(plan.metrics());
  }

  /**
   * What a planner is made of.
   *
   * @param answers how answers are kept
   * @param versions how versions are kept
   */
  public record Plan(
      PlannerSettings settings,
      RequestValidators validators,
      Serde<WorkResult> answers,
      Serde<ModelVersion> versions,
      Routes routes,
      PipelineMetrics metrics)
      implements ProcessorSupplier<String, PlannerInput, String, Object> {
    @Override
    public Processor<String, PlannerInput, String, Object> get() {
      return new PlannerProcessor(this);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Stores.ofPlanner(answers, versions);
    }
  }

  @Override
  public void init(ProcessorContext<String, Object> opened) {
    context = opened;
    desk = new PlanningDesk(plan.settings(), plan.validators(), new StoreLedger(opened));
    opened.schedule(
        LOOK_AT_THE_CLOCK,
        PunctuationType.WALL_CLOCK_TIME,
        time -> finish(opened, openDesk().timePassed(Instant.ofEpochMilli(time))));
    opened.schedule(
        LOOK_AT_WINDOWS,
        PunctuationType.WALL_CLOCK_TIME,
        time -> finish(opened, openDesk().momentPassed(Instant.ofEpochMilli(time))));
  }

  @Override
  public void process(Record<String, PlannerInput> record) {
    ProcessorContext<String, Object> opened = openContext();
    Instant now = Instant.ofEpochMilli(opened.currentSystemTimeMs());
    Turn turn = take(record.value(), now);
    metrics.received(record.value(), turn);
    finish(opened, turn);
  }

  private Turn take(PlannerInput input, Instant now) {
    if (input instanceof PlannerInput.Submitted submitted) {
      return openDesk().submitted(submitted.submission(), submitted.source(), now);
    }
    if (input instanceof PlannerInput.Edited edited) {
      return openDesk().edited(edited.submission(), edited.source(), now);
    }
    if (input instanceof PlannerInput.Controlled controlled) {
      return openDesk().controlled(controlled.request(), controlled.source(), now);
    }
    if (input instanceof PlannerInput.PolicySet set) {
      return openDesk().policySet(set.policy());
    }
    return input instanceof PlannerInput.Answered answered
        ? openDesk().answered(answered.result(), now)
        : openDesk().baseChecked(((PlannerInput.BaseVerdict) input).base(), now);
  }

  private void finish(ProcessorContext<String, Object> opened, Turn turn) {
    metrics.decided(turn.outputs());
    for (Output output : turn.outputs()) {
      plan.routes().forward(opened, output, opened.currentSystemTimeMs());
    }
    if (turn.outputs().stream().anyMatch(PlannerProcessor::isAwaited)) {
      opened.commit();
    }
  }

  /**
   * Whether somebody waits for a record: workers see a task, and followers a head, once committed.
   */
  private static boolean isAwaited(Output output) {
    return output.value() instanceof ModelHead
        || (output.value() instanceof WorkTask task && Lane.of(task) == Lane.EDIT);
  }

  private PlanningDesk openDesk() {
    return Objects.requireNonNull(desk, "init comes first");
  }

  private ProcessorContext<String, Object> openContext() {
    return Objects.requireNonNull(context, "init comes first");
  }
}
