package io.deltapress.app.processor;

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
 * @param calibrateNodes the same for tasks of the calibrate lane
 */
public record Routes(
    Map<Class<? extends SpecificRecord>, List<String>> nodesOfClass, List<String> calibrateNodes) {

  /** Routes of a processor that issues no tasks of the calibrate lane. */
  public Routes(Map<Class<? extends SpecificRecord>, List<String>> nodesOfClass) {
    this(nodesOfClass, List.of());
  }

  /** Copies both, so that the routes are immutable. */
  public Routes {
    nodesOfClass = Map.copyOf(nodesOfClass);
    calibrateNodes = List.copyOf(calibrateNodes);
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
        isOfCalibrateLane(value) ? calibrateNodes : nodesOfClass.get(value.getClass());
    if (nodes == null || nodes.isEmpty()) {
      throw new IllegalStateException("no node takes a " + value.getClass().getSimpleName());
    }
    return nodes;
  }

  private static boolean isOfCalibrateLane(SpecificRecord value) {
    return value instanceof WorkTask task
        && (task.getCalibrate() != null || task.getMeasureGate() != null);
  }
}
