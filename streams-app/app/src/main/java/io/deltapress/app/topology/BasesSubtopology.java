package io.deltapress.app.topology;

import io.deltapress.app.processor.DecodeProcessor;
import io.deltapress.app.processor.DecodeProcessor.Destination;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.DeadLetter;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/** Opens registrations of bases and puts them under their digest, whatever their keys were. */
final class BasesSubtopology {
  private BasesSubtopology() {}

  static KStream<String, byte[]> build(StreamsBuilder builder, Parts parts) {
    KStream<String, Object> decoded =
        builder.stream(parts.topics().bases(), Parts.bytesFrom(Nodes.BASES_SOURCE))
            .process(
                new DecodeProcessor.Opening<>(
                    parts.serde(BaseRegistration.class).deserializer(),
                    Parts.LONGEST_REQUEST_BYTES,
                    base -> new Destination(base.getWeightsDigest(), Nodes.BASES_DECODED),
                    Nodes.BASES_DEAD_LETTERS_SINK,
                    parts.metrics()),
                Named.as(Nodes.BASES_DECODE));
    parts.sink(
        decoded, Nodes.BASES_DEAD_LETTERS_SINK, parts.topics().deadLetters(), DeadLetter.class);
    return Parts.bytesTo(decoded, Nodes.BASES_DECODED).repartition(parts.by(Nodes.BASES_BY_DIGEST));
  }
}
