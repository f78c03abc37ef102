package io.deltapress.app.topology;

import io.deltapress.app.domain.TaskIds;
import io.deltapress.app.processor.DecodeProcessor;
import io.deltapress.app.processor.DecodeProcessor.Destination;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.WorkResult;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/**
 * Opens answers of workers, part of the planner's sub-topology: workers key them by {@code
 * tenant/model}, so that they arrive where their task was planned.
 *
 * @param ofDeltas answers for the planner
 * @param ofBases answers for the registrar, under the digest of the base
 */
record Results(KStream<String, byte[]> ofDeltas, KStream<String, byte[]> ofBases) {

  static Results build(StreamsBuilder builder, Parts parts) {
    KStream<String, Object> decoded =
        builder.stream(parts.topics().workResults(), Parts.bytesFrom(Nodes.RESULTS_SOURCE))
            .process(
                new DecodeProcessor.Opening<>(
                    parts.serde(WorkResult.class).deserializer(),
                    Integer.MAX_VALUE,
                    Results::destination,
                    Nodes.RESULTS_DEAD_LETTERS_SINK,
                    parts.metrics()),
                Named.as(Nodes.RESULTS_DECODE));
    parts.sink(
        decoded, Nodes.RESULTS_DEAD_LETTERS_SINK, parts.topics().deadLetters(), DeadLetter.class);
    return new Results(
        Parts.bytesTo(decoded, Nodes.RESULTS_OF_DELTAS),
        Parts.bytesTo(decoded, Nodes.RESULTS_OF_BASES).repartition(parts.by(Nodes.BASE_ANSWERS)));
  }

  private static Destination destination(WorkResult result) {
    return TaskIds.baseOfCheck(result.getTaskId())
        .map(digest -> new Destination(digest, Nodes.RESULTS_OF_BASES))
        .orElseGet(
            () ->
                new Destination(
                    result.getTenant() + "/" + result.getModel(), Nodes.RESULTS_OF_DELTAS));
  }
}
