package io.deltapress.format.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.artifact.SealedFile;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Sha256;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EditArtifactTest {
  private static final String PARENT = "b".repeat(64);
  private static final String ENTRY = "BF16 [7,5] out-in " + "a".repeat(64);

  @TempDir private Path directory;
  private EditBench bench;

  @BeforeEach
  void begin() {
    bench =
        new EditBench(directory, 1)
            .weight("größe/q.weight", DType.BF16, Orientation.OUTPUT_INPUT, 5, 7)
            .weight("v.weight", DType.F32, Orientation.INPUT_OUTPUT, 4, 6);
  }

  @Test
  void shouldGiveBackWhatWasWritten() throws IOException {
    // Given
    LowRankShift q = bench.shift("größe/q.weight", 3, 2);
    LowRankShift v = bench.shift("v.weight", 1);
    EditIdentity identity =
        new EditIdentity(
            "tenant:model.7-a", bench.digest(), "ultraedit", new TreeMap<>(Map.of("layer", "2")));
    Path file = bench.path("edit.safetensors");

    // When
    SealedFile.Written written =
        EditArtifactWriter.write(file, identity, bench.weights(), List.of(v, q));

    // Then
    try (EditArtifact edit = EditArtifact.open(file)) {
      assertThat(edit.identity()).isEqualTo(identity);
      assertThat(edit.editId()).isEqualTo("tenant:model.7-a");
      assertThat(edit.parent()).isEqualTo(bench.digest());
      assertThat(edit.method()).isEqualTo("ultraedit");
      assertThat(edit.weights()).isEqualTo(bench.weights());
      assertThat(edit.shifts()).isEqualTo(Map.of("größe/q.weight", q, "v.weight", v));
      assertThat(edit.rank("größe/q.weight")).isEqualTo(3);
      assertThat(edit.sha256()).isEqualTo(written.sha256()).isEqualTo(sha256(file));
      assertThat(edit.bytes()).isEqualTo(written.bytes()).isEqualTo(Files.size(file));
      assertThat(edit.path()).isEqualTo(file);
    }
    assertThat(EditArtifact.isOne(file)).isTrue();
    assertThat(EditArtifact.isOne(directory)).isFalse();
  }

  @Test
  void shouldMakeTheSameBytesWhateverTheOrder() throws IOException {
    // Given
    LowRankShift q = bench.shift("größe/q.weight", 2);
    LowRankShift v = bench.shift("v.weight", 2);

    // When
    byte[] one = Files.readAllBytes(bench.write("one", q, v));
    byte[] again = Files.readAllBytes(bench.write("one", v, q));

    // Then
    assertThat(again).isEqualTo(one);
  }

  @Test
  void shouldHaveNoTensorsWhenTheFactIsTrueAlready() throws IOException {
    // When
    try (EditArtifact edit = bench.edit("nothing-to-do")) {

      // Then
      assertThat(edit.weights()).isEmpty();
      assertThat(edit.shifts()).isEmpty();
    }
  }

  @Test
  void shouldKnowTheNormOfAShiftFromItsFactors() {
    // Given: B · A = [[3, 0], [0, 4]]
    LowRankShift shift =
        new LowRankShift("w", 2, 2, 2, new float[] {1, 0, 0, 2}, new float[] {3, 0, 0, 2});

    // When
    double norm = shift.norm();

    // Then
    assertThat(norm).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 2", "1, 0, 2", "1, 2, 0", "-1, 2, 2"})
  void shouldRefuseAShiftOfNothing(int rank, int inputs, int outputs) {
    // When
    assertThatThrownBy(
            () -> new LowRankShift("w", rank, inputs, outputs, new float[0], new float[0]))

        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "rank %d, inputs %d and outputs %d of a shift must be positive"
                .formatted(rank, inputs, outputs));
  }

  @Test
  void shouldRefuseFactorsOfOtherLengthsOrTooMany() {
    // When
    assertThatThrownBy(() -> new LowRankShift("w", 2, 3, 4, new float[6], new float[7]))

        // Then
        .hasMessage("A has 6 elements and B 7, but [2, 3] and [4, 2] call for others");
    assertThatThrownBy(
            () -> new LowRankShift("w", 2, 3, 4, new float[6], new float[8], new float[4]))
        .hasMessage("4 elements of keys are no rows of 3 inputs");
    assertThatThrownBy(
            () ->
                new LowRankShift(
                    "w",
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    new float[0],
                    new float[0]))
        .hasMessageContaining("has more than 67108864 elements");
  }

  @Test
  void shouldNameFactorAndElementWhenTheEditorFailed() throws IOException {
    // Given
    LowRankShift shift = bench.shift("v.weight", 2);
    shift.b()[3] = Float.NaN;

    // When
    assertThatThrownBy(() -> bench.write("one", shift))

        // Then
        .isInstanceOfSatisfying(
            BadInputException.class,
            e -> assertThat(e.kind()).isEqualTo(BadInputException.Kind.NON_FINITE))
        .hasMessage(
            bench.path("one.safetensors")
                + ": tensor 'b/v.weight': element 3 of edit 'one' is not finite; the editor failed"
                + " on this request");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldNameKeyAndElementThatIsNotFinite() throws IOException {
    // Given
    LowRankShift shift = bench.shift("v.weight", 2, 3);
    shift.keys()[5] = Float.POSITIVE_INFINITY;

    // When
    assertThatThrownBy(() -> bench.write("one", shift))

        // Then
        .hasMessage(
            bench.path("one.safetensors")
                + ": tensor 'k/v.weight': element 5 of edit 'one' is not finite; the editor failed"
                + " on this request");
  }

  @Test
  void shouldRefuseToWriteWhatDoesNotFitTheFoundation() {
    // Given
    LowRankShift unknown = new LowRankShift("x", 1, 1, 1, new float[1], new float[1]);
    LowRankShift transposed = new LowRankShift("v.weight", 1, 6, 4, new float[6], new float[4]);
    LowRankShift right = bench.shift("v.weight", 1);

    // When
    assertThatThrownBy(() -> bench.write("one", unknown))

        // Then
        .hasMessage("the foundation has no weight x, which is shifted");
    assertThatThrownBy(() -> bench.write("one", transposed))
        .hasMessage("a shift of [4, 6] does not fit weight v.weight of [6, 4] outputs and inputs");
    assertThatThrownBy(() -> bench.write("one", right, right))
        .hasMessage("weight shifted twice: v.weight");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a/b", "ä", "a b"})
  void shouldRefuseEditIdsThatAreNone(String editId) {
    // When
    assertThatThrownBy(() -> EditIdentity.of(editId, bench.digest(), "mend"))

        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + editId + "' is no edit id: 1 to 128 of A-Z a-z 0-9 . _ : - are allowed");
  }

  @Test
  void shouldRefuseAnArtifactOfAnotherKind() throws IOException {
    // When
    assertRefused(
        Map.of("format", "deltapress-delta"),
        "is no edit artifact: its metadata name no such format");

    // Then
    assertRefused(
        Map.of("format_version", "2"),
        "is an artifact of format version '2', this program reads version 1; use a newer one");
  }

  @ParameterizedTest
  @CsvSource({
    "parent, xyz",
    "edit, a/b",
    "method, MEND",
    "method, ''",
  })
  void shouldRefuseAFieldThatIsNotValid(String field, String text) throws IOException {
    // When
    assertRefused(
        Map.of(field, text),
        "has the metadata field " + field + " = '" + text + "', which is not valid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BF16 [7,5] out-in",
        "I32 [7,5] out-in PARENT",
        "BF16 [7,5] sideways PARENT",
        "BF16 [35] out-in PARENT",
        "BF16 [7,5,1] out-in PARENT",
        "BF16 [0,5] out-in PARENT",
        "BF16 [-7,5] out-in PARENT",
        "BF16 [4294967296,5] out-in PARENT",
        "BF16 [99999999999999999999,5] out-in PARENT",
        "BF16 [7,5,] out-in PARENT",
        "F99 [7,5] out-in PARENT",
      })
  void shouldRefuseAnEntryThatIsNotValid(String entry) throws IOException {
    // When
    assertRefused(
        Map.of("tensor/q", entry.replace("PARENT", PARENT)), "tensor 'q': its entry is not valid");
  }

  @Test
  void shouldRefuseFactorsThatAreNotThoseOfTheEntries() throws IOException {
    // When
    assertRefused(Map.of(), "tensor 'a/q': missing, although its entry calls for it");

    // Then
    assertRefused(
        Map.of(),
        "tensor 'a/q': dtype is BF16; factors and keys must be F32",
        new TensorInfo("a/q", DType.BF16, Shape.of(2, 5)),
        factor("b/q", 7, 2));
    assertRefused(
        Map.of(),
        "tensor 'k/q': dtype is F64; factors and keys must be F32",
        factor("a/q", 2, 5),
        factor("b/q", 7, 2),
        new TensorInfo("k/q", DType.F64, Shape.of(3, 5)));
    assertRefused(
        Map.of(),
        "tensor 'k/q': shape is [3, 7], but its entry calls for [keys, 5]",
        factor("a/q", 2, 5),
        factor("b/q", 7, 2),
        factor("k/q", 3, 7));
    assertRefused(
        Map.of(),
        "tensor 'k/v': belongs to no entry of the artifact",
        factor("a/q", 2, 5),
        factor("b/q", 7, 2),
        factor("k/v", 1, 1));
    assertRefused(
        Map.of(),
        "tensor 'a/q': shape is [2, 6], but its entry calls for [rank, 5]",
        factor("a/q", 2, 6),
        factor("b/q", 7, 2));
    assertRefused(
        Map.of(),
        "tensor 'a/q': shape is [0, 5], but its entry calls for [rank, 5]",
        factor("a/q", 0, 5),
        factor("b/q", 7, 0));
    assertRefused(
        Map.of(),
        "tensor 'b/q': shape is [7, 3], but its entry calls for [7, 2]",
        factor("a/q", 2, 5),
        factor("b/q", 7, 3));
    assertRefused(
        Map.of(),
        "tensor 'a/v': belongs to no entry of the artifact",
        factor("a/q", 2, 5),
        factor("b/q", 7, 2),
        factor("a/v", 1, 1));
    assertRefused(
        Map.of(),
        "tensor 'q': belongs to no entry of the artifact",
        factor("a/q", 2, 5),
        factor("b/q", 7, 2),
        factor("q", 1, 1));
  }

  @Test
  void shouldNameFactorAndElementThatAStrangerMadeInfinite() throws IOException {
    // Given
    Path file = bench.path("edit.safetensors");
    write(
        file,
        Map.of(),
        (info, bytes) -> {
          if (info.name().equals("a/q")) {
            bytes.putFloat(4 * 3, Float.NEGATIVE_INFINITY);
          }
        },
        factor("a/q", 2, 5),
        factor("b/q", 7, 2));

    // When
    assertThatThrownBy(() -> EditArtifact.open(file))

        // Then
        .isInstanceOfSatisfying(
            BadInputException.class,
            e -> assertThat(e.kind()).isEqualTo(BadInputException.Kind.NON_FINITE))
        .hasMessage(file + ": tensor 'a/q': element 3 is not finite; do not use this edit");
  }

  @Test
  void shouldRefuseWhenOneByteOfAFactorChanged() throws IOException {
    // Given
    Path file = bench.write("one", bench.shift("v.weight", 2));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);

    // When
    assertThatThrownBy(() -> EditArtifact.open(file))

        // Then
        .isInstanceOf(IntegrityException.class)
        .hasMessage(file + ": the file was damaged or changed after it was made; fetch it again");
  }

  @Test
  void shouldRefuseADigestThatIsNone() throws IOException {
    // Given
    Path file = bench.write("one");
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(
        file,
        text.replaceFirst("(content_sha256\":\")[0-9a-f]{64}", "$1" + "G".repeat(64)),
        StandardCharsets.ISO_8859_1);

    // When
    assertThatThrownBy(() -> EditArtifact.open(file))

        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            file
                + ": has the metadata field content_sha256 = '"
                + "G".repeat(64)
                + "', which is not valid");
  }

  private interface Damage {
    void to(TensorInfo info, ByteBuffer bytes);
  }

  private static TensorInfo factor(String name, long rows, long columns) {
    return new TensorInfo(name, DType.F32, Shape.of(rows, columns));
  }

  /** A file that its maker sealed, with some fields changed. */
  private void assertRefused(Map<String, String> fields, String rule, TensorInfo... tensors)
      throws IOException {
    Path file = bench.path("refused.safetensors");
    write(file, fields, (info, bytes) -> {}, tensors);
    assertThatThrownBy(() -> EditArtifact.open(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + rule);
  }

  private static void write(
      Path file, Map<String, String> fields, Damage damage, TensorInfo... tensors)
      throws IOException {
    Map<String, String> metadata =
        new HashMap<>(
            Map.of(
                "format", "deltapress-edit",
                "format_version", "1",
                "parent", PARENT,
                "edit", "one",
                "method", "mend",
                "tensor/q", ENTRY));
    metadata.putAll(fields);
    List<TensorInfo> infos = new ArrayList<>(List.of(tensors));
    Collections.reverse(infos);
    SealedFile.write(
        file,
        infos,
        metadata,
        (writer, info) -> {
          ByteBuffer bytes =
              ByteBuffer.allocate((int) info.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
          damage.to(info, bytes);
          writer.write(info.name(), bytes);
        });
  }

  private static String sha256(Path file) throws IOException {
    var digest = Sha256.newDigest();
    digest.update(Files.readAllBytes(file));
    return Sha256.hex(digest);
  }
}
