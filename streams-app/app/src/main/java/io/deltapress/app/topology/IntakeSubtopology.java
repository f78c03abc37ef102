package io.deltapress.app.topology;

import io.deltapress.app.config.TenantTopics;
import io.deltapress.app.processor.DecodeProcessor;
import io.deltapress.app.processor.DecodeProcessor.Destination;
import io.deltapress.app.processor.RequestKind;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditSubmission;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/**
 * Opens requests of all kinds and puts them under {@code tenant/model}, whatever their keys were,
 * into one topic: the order there is the order of the model.
 */
final class IntakeSubtopology {
  private IntakeSubtopology() {}

  static KStream<String, byte[]> build(StreamsBuilder builder, Parts parts) {
    KStream<String, byte[]> deltas =
        open(
            builder,
            parts,
            new Way<>(
                DeltaSubmission.class,
                RequestKind.DELTA,
                inputs(parts, TenantTopics.Kind.DELTAS, parts.topics().deltasSubmitted()),
                delta -> key(delta.getTenant(), delta.getModel()),
                Nodes.INTAKE_DELTAS));
    KStream<String, byte[]> edits =
        open(
            builder,
            parts,
            new Way<>(
                EditSubmission.class,
                RequestKind.EDIT,
                inputs(parts, TenantTopics.Kind.EDITS, parts.topics().editsRequested()),
                edit -> key(edit.getTenant(), edit.getModel()),
                Nodes.INTAKE_EDITS));
    KStream<String, byte[]> controls =
        open(
            builder,
            parts,
            new Way<>(
                ControlRequest.class,
                RequestKind.CONTROL,
                inputs(parts, TenantTopics.Kind.CONTROLS, parts.topics().versionsControl()),
                control -> key(control.getTenant(), control.getModel()),
                Nodes.INTAKE_CONTROLS));
    return deltas
        .merge(edits, Named.as(Nodes.INTAKE_DELTAS_AND_EDITS))
        .merge(controls, Named.as(Nodes.INTAKE_REQUESTS))
        .repartition(parts.by(Nodes.SUBMISSIONS_BY_MODEL));
  }

  /** One kind of requests and the way in for it. */
  private record Way<T extends SpecificRecord>(
      Class<T> type,
      RequestKind kind,
      SortedSet<String> topics,
      Function<T, String> key,
      Nodes.Intake nodes) {}

  private static <T extends SpecificRecord> KStream<String, byte[]> open(
      StreamsBuilder builder, Parts parts, Way<T> way) {
    Nodes.Intake nodes = way.nodes();
    KStream<String, Object> decoded =
        builder.stream(way.topics(), Parts.bytesFrom(nodes.source()))
            .process(
                new DecodeProcessor.Opening<>(
                    parts.serde(way.type()).deserializer(),
                    Parts.LONGEST_REQUEST_BYTES,
                    request -> new Destination(way.key().apply(request), nodes.decoded()),
                    nodes.deadLettersSink(),
                    parts.metrics(),
                    way.kind()),
                Named.as(nodes.decode()));
    parts.sink(decoded, nodes.deadLettersSink(), parts.topics().deadLetters(), DeadLetter.class);
    return Parts.bytesTo(decoded, nodes.decoded());
  }

  private static String key(String tenant, String model) {
    return tenant + "/" + model;
  }

  private static SortedSet<String> inputs(Parts parts, TenantTopics.Kind kind, String common) {
    SortedSet<String> inputs = new TreeSet<>(parts.config().tenants().listed(kind));
    inputs.add(common);
    return inputs;
  }
}
