package io.deltapress.app.topology;

import io.deltapress.app.domain.PolicyRegistrar;
import io.deltapress.app.processor.DecodeProcessor;
import io.deltapress.app.processor.DecodeProcessor.Destination;
import io.deltapress.app.processor.PolicyProcessor;
import io.deltapress.app.processor.Routes;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RegistryEvent;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/**
 * Opens policies, tells which of them hold, and copies those to every partition of the planner,
 * since a policy may concern models of any.
 */
final class PoliciesSubtopology {
  private static final Routes ROUTES =
      new Routes(
          Map.of(
              Policy.class, List.of(Nodes.POLICIES_ACCEPTED),
              RegistryEvent.class, List.of(Nodes.POLICIES_EVENTS_SINK)));

  private PoliciesSubtopology() {}

  static KStream<String, Policy> build(StreamsBuilder builder, Parts parts) {
    TopicNames topics = parts.topics();
    KStream<String, Object> decoded =
        builder.stream(topics.policies(), Parts.bytesFrom(Nodes.POLICIES_SOURCE))
            .process(
                new DecodeProcessor.Opening<>(
                    parts.serde(Policy.class).deserializer(),
                    Parts.LONGEST_REQUEST_BYTES,
                    policy -> new Destination(policy.getScope(), Nodes.POLICIES_DECODED),
                    Nodes.POLICIES_DEAD_LETTERS_SINK,
                    parts.metrics()),
                Named.as(Nodes.POLICIES_DECODE));
    parts.sink(decoded, Nodes.POLICIES_DEAD_LETTERS_SINK, topics.deadLetters(), DeadLetter.class);
    KStream<String, Object> decided =
        Parts.bytesTo(decoded, Nodes.POLICIES_DECODED)
            .process(
                new PolicyProcessor.Office(
                    parts.serde(Policy.class).deserializer(),
                    topics.policies(),
                    new PolicyRegistrar(),
                    ROUTES),
                Named.as(Nodes.POLICIES));
    parts.sink(decided, Nodes.POLICIES_EVENTS_SINK, topics.registryEvents(), RegistryEvent.class);
    return decided
        .mapValues(Policy.class::cast, Named.as(Nodes.POLICIES_ACCEPTED))
        .repartition(
            parts
                .by(Nodes.POLICIES_IN_FORCE, parts.internal(Policy.class, topics.policies()))
                .withStreamPartitioner(Parts.toEveryPartition()));
  }
}
