package io.deltapress.app.topology;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.app.processor.WireSerdes;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.Policy;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.KStream;

/** The topology as a table of contents. */
public final class DeltapressTopology {
  private DeltapressTopology() {}

  /** Describes the whole stream; nothing runs yet and no broker is asked. */
  public static Topology build(
      TopologyConfig config, String topicPrefix, WireSerdes serdes, PipelineMetrics metrics) {
    Parts parts = new Parts(config, new TopicNames(topicPrefix), serdes, metrics);
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, byte[]> submissions = IntakeSubtopology.build(builder, parts);
    KStream<String, byte[]> registrations = BasesSubtopology.build(builder, parts);
    KStream<String, Policy> policies = PoliciesSubtopology.build(builder, parts);
    Results results = Results.build(builder, parts);
    KStream<String, BaseRegistration> verdicts =
        RegistrarSubtopology.build(registrations, results.ofBases(), parts);
    PlannerSubtopology.build(submissions, verdicts, policies, results.ofDeltas(), parts);
    return builder.build();
  }
}
