package io.deltapress.format.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.TensorDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditedCheckpointTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "BF16, OUTPUT_INPUT",
    "F16, OUTPUT_INPUT",
    "F32, OUTPUT_INPUT",
    "F64, OUTPUT_INPUT",
    "BF16, INPUT_OUTPUT",
    "F32, INPUT_OUTPUT",
  })
  void shouldAddAllShiftsAndRoundOnce(DType dtype, Orientation orientation) throws IOException {
    // Given: three edits, of which the second does not touch the weight
    EditBench bench =
        new EditBench(directory, 1)
            .weight("q", dtype, orientation, 5, 7)
            .weight("v", dtype, orientation, 5, 5)
            .other("bias", dtype, 7);
    LowRankShift first = bench.shift("q", 2, 3);
    LowRankShift third = bench.shift("q", 3);
    try (Checkpoint foundation = bench.foundation();
        EditArtifact one = bench.edit("one", first, bench.shift("v", 1));
        EditArtifact two = bench.edit("two", bench.shift("v", 2));
        EditArtifact three = bench.edit("three", third)) {

      // When
      EditedCheckpoint edited = EditedCheckpoint.of(foundation, List.of(one, two, three));

      // Then
      assertThat(EditBench.bytes(edited.data("q")))
          .isEqualTo(bench.expected("q", List.of(first, third)));
      assertThat(EditBench.bytes(edited.data("bias")))
          .isEqualTo(EditBench.bytes(foundation.data("bias")));
      assertThat(edited.tensors()).isEqualTo(foundation.tensors());
    }
  }

  @Test
  void shouldTransposeASquareMatrixOnlyWhereItIsStoredInputsFirst() throws IOException {
    // Given: the shape says nothing
    EditBench bench =
        new EditBench(directory, 2).weight("q", DType.F32, Orientation.INPUT_OUTPUT, 6, 6);
    LowRankShift shift = bench.shift("q", 1);
    try (Checkpoint foundation = bench.foundation();
        EditArtifact edit = bench.edit("one", shift)) {

      // When
      byte[] result = EditBench.bytes(EditedCheckpoint.of(foundation, List.of(edit)).data("q"));

      // Then
      assertThat(result).isEqualTo(bench.expected("q", List.of(shift)));
    }
  }

  @Test
  void shouldGiveTheSameBitsWhenSumsAreKeptAndOneMoreEditIsAdded() throws IOException {
    // Given
    EditBench bench =
        new EditBench(directory, 3)
            .weight("q", DType.BF16, Orientation.OUTPUT_INPUT, 40, 30)
            .weight("v", DType.BF16, Orientation.INPUT_OUTPUT, 40, 30);
    try (Checkpoint foundation = bench.foundation();
        EditArtifact one = bench.edit("one", bench.shift("q", 4));
        EditArtifact two = bench.edit("two", bench.shift("q", 3), bench.shift("v", 2))) {
      EditAccumulator sums = new EditAccumulator();
      sums.add(one);
      byte[] before = EditBench.bytes(EditedCheckpoint.of(foundation, Map.of(), sums).data("q"));

      // When
      sums.add(two);

      // Then
      EditedCheckpoint kept = EditedCheckpoint.of(foundation, Map.of(), sums);
      EditedCheckpoint anew = EditedCheckpoint.of(foundation, List.of(one, two));
      for (String weight : List.of("q", "v")) {
        assertThat(EditBench.bytes(kept.data(weight)))
            .isEqualTo(EditBench.bytes(anew.data(weight)));
      }
      assertThat(before)
          .isEqualTo(EditBench.bytes(EditedCheckpoint.of(foundation, List.of(one)).data("q")));
    }
  }

  @Test
  void shouldBeTheFoundationWhenNoEditIsLeft() throws IOException {
    // Given
    EditBench bench =
        new EditBench(directory, 4).weight("q", DType.F32, Orientation.OUTPUT_INPUT, 3, 3);
    try (Checkpoint foundation = bench.foundation()) {

      // When
      EditedCheckpoint edited = EditedCheckpoint.of(foundation, List.of());

      // Then
      assertThat(EditBench.bytes(edited.data("q")))
          .isEqualTo(EditBench.bytes(foundation.data("q")));
    }
  }

  @Test
  void shouldRefuseAFoundationOfOtherWeights() throws IOException {
    // Given
    EditBench bench =
        new EditBench(directory, 5).weight("q", DType.F32, Orientation.OUTPUT_INPUT, 3, 3);
    try (EditArtifact edit = bench.edit("one", bench.shift("q", 1))) {
      bench.values("q")[0] += 1;
      try (Checkpoint other = bench.foundation()) {

        // When
        assertThatThrownBy(() -> EditedCheckpoint.of(other, List.of(edit)))

            // Then
            .isInstanceOf(IntegrityException.class)
            .hasMessage(
                bench.path("foundation.safetensors")
                    + ": tensor 'q': is not that of the edits' foundation, which has the weights"
                    + " digest "
                    + edit.parent()
                    + "; use the base and delta for which they were computed");
      }
    }
  }

  @Test
  void shouldBelieveDigestsThatAreKnown() throws IOException {
    // Given: a digest of the right tensor, whatever the file holds
    EditBench bench =
        new EditBench(directory, 6).weight("q", DType.F32, Orientation.OUTPUT_INPUT, 3, 3);
    try (EditArtifact edit = bench.edit("one", bench.shift("q", 1));
        Checkpoint foundation = bench.foundation()) {
      TensorDigest wrong = new TensorDigest(foundation.tensors().get("q"), "0".repeat(64));

      // When
      assertThatThrownBy(() -> EditedCheckpoint.of(foundation, Map.of("q", wrong), List.of(edit)))

          // Then
          .isInstanceOf(IntegrityException.class);
      assertThat(
              EditedCheckpoint.of(
                      foundation,
                      Map.of("q", TensorDigest.of(foundation.data("q"), ProgressListener.none())),
                      List.of(edit))
                  .weights())
          .containsOnlyKeys("q");
    }
  }

  @Test
  void shouldRefuseEditsOfDifferentFoundations() throws IOException {
    // Given
    EditBench bench =
        new EditBench(directory, 7).weight("q", DType.F32, Orientation.OUTPUT_INPUT, 3, 3);
    try (EditArtifact one = bench.edit("one", bench.shift("q", 1))) {
      bench.values("q")[0] += 1;
      try (EditArtifact two = bench.edit("two", bench.shift("q", 1));
          Checkpoint foundation = bench.foundation()) {

        // When
        assertThatThrownBy(() -> EditedCheckpoint.of(foundation, List.of(one, two)))

            // Then
            .isInstanceOf(IntegrityException.class)
            .hasMessage(
                two.path()
                    + ": was made for the weights "
                    + two.parent()
                    + ", the edits before it for "
                    + one.parent()
                    + "; edits of one version share their foundation");
      }
    }
  }

  @Test
  void shouldRefuseAnEditThatIsGivenTwice() throws IOException {
    // Given
    EditBench bench =
        new EditBench(directory, 8).weight("q", DType.F32, Orientation.OUTPUT_INPUT, 3, 3);
    try (EditArtifact one = bench.edit("one", bench.shift("q", 1));
        Checkpoint foundation = bench.foundation()) {

      // When
      assertThatThrownBy(() -> EditedCheckpoint.of(foundation, List.of(one, one)))

          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(one.path() + ": edit 'one' is given twice; name each once");
    }
  }

  @Test
  void shouldNameTensorAndElementOfAResultThatIsNotFinite() throws IOException {
    // Given: the largest bfloat16 and a little more
    EditBench bench =
        new EditBench(directory, 9).weight("q", DType.BF16, Orientation.OUTPUT_INPUT, 3, 3);
    float[] a = {0, 0, 1};
    float[] b = {0, 3.4e38f, 0};
    try (EditArtifact edit = bench.edit("one", new LowRankShift("q", 1, 3, 3, a, b));
        Checkpoint foundation = bench.foundation()) {
      EditedCheckpoint edited = EditedCheckpoint.of(foundation, List.of(edit));

      // When
      assertThatThrownBy(() -> EditBench.bytes(edited.data("q")))

          // Then
          .isInstanceOfSatisfying(
              BadInputException.class,
              e -> assertThat(e.kind()).isEqualTo(BadInputException.Kind.NON_FINITE))
          .hasMessage(
              bench.path("foundation.safetensors")
                  + ": tensor 'q': element 5 would not be finite; drop the edit that makes it so");
    }
  }

  @Test
  void shouldGiveTheSameBytesHoweverTheyAreAskedFor() throws IOException {
    // Given: more elements than a block
    EditBench bench =
        new EditBench(directory, 10).weight("q", DType.BF16, Orientation.INPUT_OUTPUT, 301, 300);
    try (EditArtifact edit = bench.edit("one", bench.shift("q", 2));
        Checkpoint foundation = bench.foundation()) {
      EditedCheckpoint edited = EditedCheckpoint.of(foundation, List.of(edit));
      byte[] whole = EditBench.bytes(edited.data("q"));
      for (int at = 0; at < whole.length - 5000; at += 4999) {

        // When
        byte[] part = new byte[5000];
        edited.data("q").copyTo(at, part, 0, part.length);

        // Then
        assertThat(part).isEqualTo(Arrays.copyOfRange(whole, at, at + 5000));
      }
    }
  }
}
