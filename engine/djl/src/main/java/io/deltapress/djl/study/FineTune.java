package io.deltapress.djl.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A fine-tune under study, with what it is examined on.
 *
 * @param name short, unique in the study, usable as a file name
 * @param kind what is special about its delta
 * @param task what it learned; fine-tunes of one task are compared with each other
 * @param origin how it was made, for people
 * @param base directory of the base
 * @param directory of the fine-tune
 * @param test tasks that figures are reported on, and nothing is chosen by
 * @param validation labelled tasks that choices are made by
 * @param calibration training tasks; their texts are the unlabelled inputs
 */
public record FineTune(
    String name,
    DeltaKind kind,
    String task,
    String origin,
    Path base,
    Path directory,
    Path test,
    Path validation,
    Path calibration) {

  /**
   * Limits what it is examined on, by files of its own with the first lines of the task files.
   *
   * @param tasks directory for these files
   * @param sample how many lines
   * @return the same fine-tune with these files
   */
  FineTune sampled(Path tasks, SampleSizes sample) throws IOException {
    return new FineTune(
        name,
        kind,
        task,
        origin,
        base,
        directory,
        first(sample.test(), test, tasks.resolve(name + "-test.jsonl")),
        first(sample.validation(), validation, tasks.resolve(name + "-validation.jsonl")),
        first(sample.calibration(), calibration, tasks.resolve(name + "-calibration.jsonl")));
  }

  private static Path first(int count, Path from, Path to) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(from)) {
      if (!line.isBlank() && lines.size() < count) {
        lines.add(line);
      }
    }
    Files.write(to, lines);
    return to;
  }
}
