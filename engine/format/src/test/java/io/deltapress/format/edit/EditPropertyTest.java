package io.deltapress.format.edit;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Any list of edits gives what the formula gives element by element. */
class EditPropertyTest {

  @Property(tries = 60)
  void shouldEqualReferenceHoweverTheSumIsMade(
      @ForAll @IntRange(min = 1, max = 12) int inputs,
      @ForAll @IntRange(min = 1, max = 12) int outputs,
      @ForAll @IntRange(min = 1, max = 5) int edits,
      @ForAll @IntRange(min = 1, max = 6) int rank,
      @ForAll @IntRange(max = 3) int type,
      @ForAll Orientation orientation,
      @ForAll long seed)
      throws IOException {
    // Given
    DType dtype = List.of(DType.BF16, DType.F16, DType.F32, DType.F64).get(type);
    Path directory = Files.createTempDirectory("deltapress-edit");
    EditBench bench =
        new EditBench(directory, seed).weight("w", dtype, orientation, inputs, outputs);
    List<LowRankShift> shifts = new ArrayList<>();
    List<EditArtifact> list = new ArrayList<>();
    EditAccumulator sums = new EditAccumulator();
    for (int i = 0; i < edits; i++) {
      shifts.add(bench.shift("w", rank));
      list.add(bench.edit("e" + i, shifts.get(i)));
      sums.add(list.get(i));
    }
    try (Checkpoint foundation = bench.foundation()) {

      // When
      byte[] read = EditBench.bytes(EditedCheckpoint.of(foundation, list).data("w"));
      byte[] kept = EditBench.bytes(EditedCheckpoint.of(foundation, Map.of(), sums).data("w"));

      // Then
      assertThat(read).isEqualTo(bench.expected("w", shifts));
      assertThat(kept).isEqualTo(read);
    } finally {
      list.forEach(EditArtifact::close);
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
