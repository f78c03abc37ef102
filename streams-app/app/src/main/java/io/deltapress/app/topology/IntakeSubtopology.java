package io.deltapress.app.topology;

import io.deltapress.app.processor.DecodeProcessor;
import io.deltapress.app.processor.DecodeProcessor.Destination;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/** Opens submissions and puts them under {@code tenant/model}, whatever their keys were. */
final class IntakeSubtopology {
  private IntakeSubtopology() {}

  static KStream<String, byte[]> build(StreamsBuilder builder, Parts parts) {
    KStream<String, Object> decoded =
        builder.stream(inputs(parts), Parts.bytesFrom(Nodes.DELTAS_SOURCE))
            .process(
                new DecodeProcessor.Opening<>(
                    parts.serde(DeltaSubmission.class).deserializer(),
                    Parts.LONGEST_REQUEST_BYTES,
                    IntakeSubtopology::destination,
                    Nodes.INTAKE_DEAD_LETTERS_SINK,
                    parts.metrics()),
                Named.as(Nodes.DELTAS_DECODE));
    parts.sink(
        decoded, Nodes.INTAKE_DEAD_LETTERS_SINK, parts.topics().deadLetters(), DeadLetter.class);
    return Parts.bytesTo(decoded, Nodes.DELTAS_DECODED)
        .repartition(parts.by(Nodes.SUBMISSIONS_BY_MODEL));
  }

  private static Destination destination(DeltaSubmission submission) {
    String key = submission.getTenant() + "/" + submission.getModel();
    return new Destination(key, Nodes.DELTAS_DECODED);
  }

  private static SortedSet<String> inputs(Parts parts) {
    SortedSet<String> inputs = new TreeSet<>(parts.config().tenants().listed());
    inputs.add(parts.topics().deltasSubmitted());
    return inputs;
  }
}
