package io.deltapress.format.edit;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.Pair;
import io.deltapress.format.artifact.PythonScript;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.CheckpointWriter;
import io.deltapress.format.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The independent decoder must put edits on as this one does, bit for bit. */
class PythonEditsTest {
  private static final String SCRIPT = "deltapress_edits.py";

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16", "F32", "F64"})
  void shouldAgreeWithPythonOnAListOfEdits(DType dtype) throws Exception {
    // Given
    EditBench bench = bench(dtype);
    Path one = bench.write("one", bench.shift("größe.weight", 3, 2), bench.shift("conv.weight", 2));
    Path two = bench.write("two");
    Path three = bench.write("three", bench.shift("größe.weight", 2));
    Path expected = apply(bench, one, two, three);

    // When
    PythonScript.run(
        SCRIPT,
        bench.path("foundation.safetensors"),
        bench.path("python.safetensors"),
        one,
        two,
        three);

    // Then
    assertThat(Pair.read(bench.path("python.safetensors")))
        .containsExactlyEntriesOf(Pair.read(expected));
  }

  @Test
  void shouldRefuseTogetherWithPythonWhatDoesNotFit() throws Exception {
    // Given: an edit of other weights, and one of which a byte changed
    EditBench bench = bench(DType.F32);
    Path edit = bench.write("one", bench.shift("größe.weight", 1));
    byte[] bytes = Files.readAllBytes(edit);
    bytes[bytes.length - 1] ^= 1;
    Path damaged = Files.write(bench.path("damaged.safetensors"), bytes);
    bench.values("größe.weight")[0] += 1;
    bench.foundation().close();
    Path out = bench.path("python.safetensors");

    // When
    PythonScript.Outcome misfit =
        PythonScript.outcome(SCRIPT, bench.path("foundation.safetensors"), out, edit);
    PythonScript.Outcome broken =
        PythonScript.outcome(SCRIPT, bench.path("foundation.safetensors"), out, damaged);

    // Then
    assertThat(misfit.status()).isOne();
    assertThat(misfit.output()).contains("größe.weight: another foundation");
    assertThat(broken.status()).isOne();
    assertThat(broken.output()).contains("damaged");
    assertThat(out).doesNotExist();
  }

  private EditBench bench(DType dtype) {
    return new EditBench(directory, 5)
        .weight("größe.weight", dtype, Orientation.OUTPUT_INPUT, 9, 13)
        .weight("conv.weight", dtype, Orientation.INPUT_OUTPUT, 8, 8)
        .other("bias", DType.F32, 13);
  }

  private static Path apply(EditBench bench, Path... edits) throws IOException {
    Path out = bench.path("java.safetensors");
    try (Checkpoint foundation = bench.foundation();
        EditArtifact one = EditArtifact.open(edits[0]);
        EditArtifact two = EditArtifact.open(edits[1]);
        EditArtifact three = EditArtifact.open(edits[2])) {
      CheckpointWriter.writeModel(
          EditedCheckpoint.of(foundation, List.of(one, two, three)),
          foundation.path(),
          out,
          ProgressListener.none());
    }
    return out;
  }
}
