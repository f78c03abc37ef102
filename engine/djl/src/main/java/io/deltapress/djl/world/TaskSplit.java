package io.deltapress.djl.world;

import io.deltapress.djl.evaluate.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * Tasks of one tenant, kept apart by use.
 *
 * @param training what a fine-tune is trained on
 * @param validation what choices, such as a rescale factor, are made on
 * @param test what figures are reported on, and nothing else
 */
public record TaskSplit(List<Task> training, List<Task> validation, List<Task> test) {

  static TaskSplit empty() {
    return new TaskSplit(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }
}
