package io.deltapress.app.processor;

import io.deltapress.app.domain.Lane;
import io.deltapress.app.domain.Output;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.topic.CloudEventHeaders;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Which nodes get which records: the class of a record says where it belongs.
 *
 * @param nodesOfClass names of child nodes, each getting the record in turn
 * @param nodesOfLane the same for tasks, by their lane
 */
public record Routes(
    Map<Class<? extends SpecificRecord>, List<String>> nodesOfClass,
    Map<Lane, List<String>> nodesOfLane) {

  /** Routes of a processor that issues no tasks. */
  public Routes(Map<Class<? extends SpecificRecord>, List<String>> nodesOfClass) {
    this(nodesOfClass, Map.of());
  }

  /** Copies both, so that the routes are immutable. */
  public Routes {
    nodesOfClass = Map.copyOf(nodesOfClass);
    nodesOfLane = Map.copyOf(nodesOfLane);
  }

  void forward(ProcessorContext<String, Object> context, Output output, long timestamp) {
    SpecificRecord value = output.value();
    Record<String, Object> record = new Record<>(output.key(), value, timestamp);
    Record<String, Object> complete =
        value instanceof RegistryEvent event
            ? record.withHeaders(CloudEventHeaders.of(output.key(), event))
            : record;
    for (String node : nodesOf(value)) {
      context.forward(complete, node);
    }
  }

  private List<String> nodesOf(SpecificRecord value) {
    List<String> nodes =
        value instanceof WorkTask task
            ? nodesOfLane.get(Lane.of(task))
            : nodesOfClass.get(value.getClass());
    if (nodes == null || nodes.isEmpty()) {
      throw new IllegalStateException("no node takes a " + value.getClass().getSimpleName());
    }
    return nodes;
  }
}
