package io.deltapress.app.topology;

import io.deltapress.app.domain.BaseRegistrar;
import io.deltapress.app.domain.Lane;
import io.deltapress.app.processor.RegistrarInput;
import io.deltapress.app.processor.RegistrarProcessor;
import io.deltapress.app.processor.ReopenProcessor;
import io.deltapress.app.processor.Routes;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/**
 * Has bases checked. Each verdict is copied to every partition of the planner, which therefore
 * needs no look-up elsewhere and lets parked submissions go at once.
 */
final class RegistrarSubtopology {
  private static final Routes ROUTES =
      new Routes(
          Map.of(
              BaseRegistration.class, List.of(Nodes.REGISTRAR_BASES_SINK, Nodes.REGISTRAR_VERDICTS),
              RegistryEvent.class, List.of(Nodes.REGISTRAR_EVENTS_SINK),
              DeadLetter.class, List.of(Nodes.REGISTRAR_DEAD_LETTERS_SINK)),
          Map.of(Lane.COMPRESS, List.of(Nodes.REGISTRAR_TASKS_SINK)));

  private RegistrarSubtopology() {}

  static KStream<String, BaseRegistration> build(
      KStream<String, byte[]> registrations, KStream<String, byte[]> answers, Parts parts) {
    BaseRegistrar registrar = new BaseRegistrar(parts.plannerSettings(), parts.topics().bases());
    KStream<String, Object> decided =
        registrations(registrations, parts)
            .merge(answers(answers, parts), Named.as(Nodes.REGISTRAR_INPUTS))
            .process(
                new RegistrarProcessor.Office(registrar, ROUTES, parts.metrics()),
                Named.as(Nodes.REGISTRAR));
    TopicNames topics = parts.topics();
    parts.sink(decided, Nodes.REGISTRAR_BASES_SINK, topics.bases(), BaseRegistration.class);
    parts.sink(decided, Nodes.REGISTRAR_TASKS_SINK, topics.workCompress(), WorkTask.class);
    parts.sink(decided, Nodes.REGISTRAR_EVENTS_SINK, topics.registryEvents(), RegistryEvent.class);
    parts.sink(decided, Nodes.REGISTRAR_DEAD_LETTERS_SINK, topics.deadLetters(), DeadLetter.class);
    return decided
        .mapValues(BaseRegistration.class::cast, Named.as(Nodes.REGISTRAR_VERDICTS))
        .repartition(
            parts
                .by(Nodes.BASE_VERDICTS, parts.internal(BaseRegistration.class, topics.bases()))
                .withStreamPartitioner(Parts.toEveryPartition()));
  }

  private static KStream<String, RegistrarInput> registrations(
      KStream<String, byte[]> registrations, Parts parts) {
    return registrations.process(
        new ReopenProcessor.Reopening<BaseRegistration, RegistrarInput>(
            parts.serde(BaseRegistration.class).deserializer(),
            parts.topics().bases(),
            (registration, source) -> new RegistrarInput.Registered(registration)),
        Named.as(Nodes.REGISTRAR_REGISTRATIONS));
  }

  private static KStream<String, RegistrarInput> answers(
      KStream<String, byte[]> answers, Parts parts) {
    return answers.process(
        new ReopenProcessor.Reopening<WorkResult, RegistrarInput>(
            parts.serde(WorkResult.class).deserializer(),
            parts.topics().workResults(),
            (result, source) -> new RegistrarInput.Answered(result)),
        Named.as(Nodes.REGISTRAR_ANSWERS));
  }
}
