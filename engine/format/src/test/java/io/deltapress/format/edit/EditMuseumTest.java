package io.deltapress.format.edit;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.lora.AdapterFiles;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edits of released versions stay readable, and today's bytes are those of the day they froze. */
class EditMuseumTest {
  private static final String LINEAR = "blocks.0.mlp.weight";
  private static final String CONV = "größe.c_fc.weight";

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "first, v1-edit-first.safetensors",
    "second, v1-edit-second.safetensors",
    "true-already, v1-edit-true-already.safetensors",
    "second-with-keys, v1-edit-second-with-keys.safetensors",
  })
  void shouldMakeFrozenBytesWhenInputIsTheSame(String editId, String frozen) throws IOException {
    // When
    Path file = write(editId);

    // Then
    assertThat(Files.readAllBytes(file)).isEqualTo(exhibit(frozen));
  }

  @ParameterizedTest
  @CsvSource({
    "v1-edit-first.safetensors, 1c3cb31df9bb5b3086c1baa0e31927aa8ec5cfd0b70c6dba4835dfd836b1e179",
    "v1-edit-second.safetensors, 01a9a64536fc818bc4c8b3c0887fbc14254260a5bd6f3bd4679d36c3ae5366ff",
    "v1-edit-true-already.safetensors, d8048809a482d19fcacb85c36fa67a403843770aa8dcccdc7cb05d845b4e688e",
    "v1-edit-second-with-keys.safetensors, e3768ce2afe0e21d725445727812b75949310142950770c029076397a5dbbd23",
  })
  void shouldHaveAFixedAddressWhenBytesAreFrozen(String frozen, String sha256) throws IOException {
    // Given
    Path file = Files.write(directory.resolve(frozen), exhibit(frozen));

    // When
    try (EditArtifact edit = EditArtifact.open(file)) {

      // Then
      assertThat(edit.sha256()).isEqualTo(sha256);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "first, 0bb66358fe535eb76536db85235d893766de430fd3909f7fe99a50f69430abf7",
    "second, 6fc5d51a369a79c1fd2321c706fa979133a006f4ef0b8f552a221225463b0131",
    "first second true-already, 5d8f3911715693b340fdc1407d51b55334a270ca0af5ef461cea788315bcd203",
    "second first, 38df958e3178f1a6cb47ec64163ee8c80c8ece399a5da74303ab463059a47be8",
    "second-with-keys, 6fc5d51a369a79c1fd2321c706fa979133a006f4ef0b8f552a221225463b0131",
  })
  void shouldGiveFrozenResultWhenEditsAreOld(String list, String result) throws IOException {
    // Given
    List<EditArtifact> edits = new ArrayList<>();
    for (String editId : list.split(" ", -1)) {
      String name = "v1-edit-" + editId + ".safetensors";
      Path file = Files.write(directory.resolve(name), exhibit(name));
      edits.add(EditArtifact.open(file));
    }
    try (Checkpoint foundation = foundation()) {

      // When
      WeightsDigest digest =
          new DigestCache(directory.resolve("cache"))
              .weightsDigest(EditedCheckpoint.of(foundation, edits), ProgressListener.none());

      // Then
      assertThat(digest.hex()).isEqualTo(result);
    } finally {
      edits.forEach(EditArtifact::close);
    }
  }

  @Test
  void shouldTellTheOrderOfEditsByTheirResult() throws IOException {
    // Given: sums that are rounded by themselves depend on their order
    try (Checkpoint foundation = foundation();
        EditArtifact first = EditArtifact.open(write("first"));
        EditArtifact second = EditArtifact.open(write("second"))) {

      // When
      byte[] oneWay =
          EditBench.bytes(EditedCheckpoint.of(foundation, List.of(first, second)).data(LINEAR));
      byte[] other =
          EditBench.bytes(EditedCheckpoint.of(foundation, List.of(second, first)).data(LINEAR));

      // Then
      assertThat(oneWay).isNotEqualTo(other);
    }
  }

  private Checkpoint foundation() throws IOException {
    Path file = directory.resolve("foundation.safetensors");
    if (Files.exists(file)) {
      return Checkpoints.open(file);
    }
    AdapterFiles tensors = new AdapterFiles();
    for (TensorInfo info :
        List.of(
            new TensorInfo(LINEAR, DType.F64, Shape.of(12, 8)),
            new TensorInfo(CONV, DType.BF16, Shape.of(6, 6)),
            new TensorInfo("blocks.0.bias", DType.F32, Shape.of(12)))) {
      tensors.tensor(info, wave((int) info.elementCount(), 37, 512));
    }
    return Checkpoints.open(tensors.writeFile(file));
  }

  private Path write(String editId) throws IOException {
    try (Checkpoint foundation = foundation()) {
      SortedMap<String, TensorDigest> digests =
          new DigestCache(directory.resolve("cache")).digests(foundation, ProgressListener.none());
      EditIdentity identity =
          new EditIdentity(
              editId,
              WeightsDigest.of(digests.values()),
              "mend",
              new TreeMap<>(Map.of("layers", "0")));
      Path file = directory.resolve(editId + ".safetensors");
      EditArtifactWriter.write(
          file,
          identity,
          Map.of(
              LINEAR, new EditedWeight(digests.get(LINEAR), Orientation.OUTPUT_INPUT),
              CONV, new EditedWeight(digests.get(CONV), Orientation.INPUT_OUTPUT)),
          shifts(editId));
      return file;
    }
  }

  private static List<LowRankShift> shifts(String editId) {
    return switch (editId) {
      case "first" ->
          List.of(
              new LowRankShift(LINEAR, 2, 8, 12, floats(16, 53, 7), floats(24, 29, 11)),
              new LowRankShift(CONV, 1, 6, 6, floats(6, 31, 13), floats(6, 41, 17)));
      case "second" ->
          List.of(new LowRankShift(LINEAR, 3, 8, 12, floats(24, 59, 19), floats(36, 43, 23)));
      case "second-with-keys" ->
          List.of(
              new LowRankShift(LINEAR, 3, 8, 12, floats(24, 59, 19), floats(36, 43, 23))
                  .withKeys(floats(16, 47, 29)));
      default -> List.of();
    };
  }

  /** Made without a random generator, whose numbers could change between Java releases. */
  private static double[] wave(int elements, int step, double divisor) {
    double[] values = new double[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (i * step % 101 - 50) / divisor;
    }
    return values;
  }

  private static float[] floats(int elements, int step, double divisor) {
    double[] wave = wave(elements, step, divisor);
    float[] floats = new float[elements];
    for (int i = 0; i < elements; i++) {
      floats[i] = (float) wave[i];
    }
    return floats;
  }

  private static byte[] exhibit(String name) throws IOException {
    try (InputStream bytes = EditMuseumTest.class.getResourceAsStream("../artifact/" + name)) {
      return bytes.readAllBytes();
    }
  }
}
