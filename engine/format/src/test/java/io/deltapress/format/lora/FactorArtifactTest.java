package io.deltapress.format.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.Pair;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.artifact.Workbench;
import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.mask.MaskGenerator;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactorArtifactTest {
  private static final WeightsDigest BASE = new WeightsDigest("ab".repeat(32));
  private static final String A = AdapterFiles.PREFIX + "q.lora_A.weight";
  private static final String B = AdapterFiles.PREFIX + "q.lora_B.weight";

  @TempDir private Path directory;

  @Test
  void shouldGiveTheAdapterBackWhenNothingIsDropped() throws IOException {
    // Given
    AdapterFiles files =
        new AdapterFiles()
            .layer("q", DType.F32, 2, 50, 30)
            .layer("k", DType.BF16, 2, 8, 9)
            .tensor(AdapterFiles.PREFIX + "classifier.weight", DType.F16, 3, 5);

    // When
    Path exported = roundTrip(files, CompressionSettings.builder(Method.DARE, 0).build());

    // Then
    Path adapter = directory.resolve("adapter");
    assertThat(exported.resolve("adapter_config.json"))
        .hasSameBinaryContentAs(adapter.resolve("adapter_config.json"));
    assertSameTensors(exported, adapter);
    try (LoraAdapter again = LoraAdapter.open(exported)) {
      assertThat(again.modules()).containsOnlyKeys("k", "q");
    }
  }

  @Test
  void shouldKeepTensorsOfZerosAlthoughTheyAreUnchanged() throws IOException {
    // Given: B as it is before any training
    AdapterFiles files = new AdapterFiles().layer("q", DType.F32, 2, 4, 3);
    files.tensor(files.infos.get(B), new double[6]);

    // When
    Path exported = roundTrip(files, CompressionSettings.builder(Method.DARE, 0).build());

    // Then
    assertSameTensors(exported, directory.resolve("adapter"));
  }

  @Test
  void shouldKeepWhatTheMaskOfEachFactorKeepsDividedByItsShare() throws IOException {
    // Given
    AdapterFiles files = new AdapterFiles().layer("q", DType.F32, 2, 500, 300);
    CompressionSettings settings = CompressionSettings.builder(Method.DARE, 0.75).seed(9).build();

    // When
    Path exported = roundTrip(files, settings);

    // Then
    MaskGenerator masks = new MaskGenerator(9, KeepProbability.ofPruneRate(0.75));
    Map<String, byte[]> result = Pair.read(exported.resolve("adapter_model.safetensors"));
    for (String factor : new String[] {A, B}) {
      double[] values = files.values.get(factor);
      double[] expected = new double[values.length];
      char[] positions = new char[65_536];
      int kept = masks.mask(factor).cursor().next(values.length, positions);
      for (int i = 0; i < kept; i++) {
        expected[positions[i]] = (float) values[positions[i]] / 0.25f;
      }
      assertThat(result.get(factor)).isEqualTo(Pair.bytes(DType.F32, expected));
    }
  }

  @Test
  void shouldCarryTheHeadOfAnAdapterWhole() throws IOException {
    // Given
    String head = AdapterFiles.PREFIX + "classifier.weight";
    AdapterFiles files =
        new AdapterFiles().layer("q", DType.F32, 2, 50, 30).tensor(head, DType.F16, 3, 5);

    // When: factors lose everything
    Path exported = roundTrip(files, CompressionSettings.builder(Method.DARE, 1).build());

    // Then
    Map<String, byte[]> result = Pair.read(exported.resolve("adapter_model.safetensors"));
    assertThat(result.get(head)).isEqualTo(Pair.bytes(DType.F16, files.values.get(head)));
    assertThat(result.get(A)).isEqualTo(new byte[2 * 50 * 4]);
  }

  @Test
  void shouldPruneOfAnAdapterWhatIsAskedFor() throws IOException {
    // Given
    String head = AdapterFiles.PREFIX + "classifier.weight";
    AdapterFiles files =
        new AdapterFiles().layer("q", DType.F32, 2, 50, 30).tensor(head, DType.F16, 3, 5);
    CompressionSettings settings =
        CompressionSettings.builder(Method.DARE, 1).include(List.of("*classifier*")).build();

    // When
    Path exported = roundTrip(files, settings);

    // Then
    Map<String, byte[]> result = Pair.read(exported.resolve("adapter_model.safetensors"));
    assertThat(result.get(head)).isEqualTo(new byte[3 * 5 * 2]);
    assertThat(result.get(A)).isEqualTo(Pair.bytes(DType.F32, files.values.get(A)));
  }

  @Test
  void shouldBeUnbiasedOverMasksSinceFactorsHaveMasksOfTheirOwn() throws IOException {
    // Given: an entry of B · A is the sum over k of b_k a_k
    int rank = 4;
    double[] b = {1, -2, .5, 3};
    double[] a = {2, 1, -1, .25};
    double product = 2 - 2 - .5 + .75;
    double p = 0.5;
    int rounds = 40_000;
    double mean = 0;
    char[] positions = new char[65_536];

    // When
    for (int seed = 0; seed < rounds; seed++) {
      MaskGenerator masks = new MaskGenerator(seed, KeepProbability.ofPruneRate(p));
      double[] keptA = new double[rank];
      double[] keptB = new double[rank];
      int count = masks.mask(A).cursor().next(rank, positions);
      for (int i = 0; i < count; i++) {
        keptA[positions[i]] = a[positions[i]] / (1 - p);
      }
      count = masks.mask(B).cursor().next(rank, positions);
      for (int i = 0; i < count; i++) {
        keptB[positions[i]] = b[positions[i]] / (1 - p);
      }
      for (int k = 0; k < rank; k++) {
        mean += keptA[k] * keptB[k] / rounds;
      }
    }

    // Then: with one mask for both the mean would be product / (1 - p). Variance of a term is
    // (b a)² (1 / (1-p)² - 1), 26.4 in all, so four deviations of the mean are 0.1
    assertThat(mean).isCloseTo(product, within(0.1));
  }

  @Test
  void shouldTakeAboutTheKeptShareOfTheAdapter() throws IOException {
    // Given
    AdapterFiles files = new AdapterFiles().layer("q", DType.F32, 2, 20_000, 20_000);
    CompressionSettings settings =
        CompressionSettings.builder(Method.DARE, 0.9).values(ValueCode.BF16).build();

    // When
    roundTrip(files, settings);

    // Then: a tenth of the values at half their bytes, and a header
    long adapter = Files.size(directory.resolve("adapter/adapter_model.safetensors"));
    assertThat(Files.size(directory.resolve("factors.safetensors")))
        .isBetween(adapter / 22, adapter / 20 + 2500);
  }

  @Test
  void shouldSayThatAFullDeltaIsNoAdapter() throws IOException {
    // Given
    Workbench bench = new Workbench(directory);
    bench.compress(
        new Pair(1).weights("w", DType.F32, 3, 3),
        CompressionSettings.builder(Method.DARE, 0).build());
    Path path = bench.path("delta.safetensors");
    try (DeltaArtifact artifact = DeltaArtifact.open(path)) {

      // When
      assertThatThrownBy(() -> export(artifact))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              path
                  + ": is the delta of whole weights, which no adapter of low rank can express;"
                  + " export it as overwrite-patch or checkpoint, or compress an adapter with --lora"
                  + " factors");
    }
    assertThat(directory.resolve("exported")).doesNotExist();
  }

  @Test
  void shouldRefuseNotesThatDescribeNoAdapter() {
    // Given
    Map<String, String> refusals = new TreeMap<>();
    refusals.put("", "the note adapter-tensors must be a JSON object");
    refusals.put(
        "{\"a\": [\"F32\", 1099511627776]}",
        "the note adapter-tensors describes an adapter of more than 16 GiB");
    refusals.put("{\"a\": [\"F32\", -1]}", "tensor 'a': dimension -1 is negative");
    refusals.put(
        "{\"a\": [\"X\"]}",
        "the note adapter-tensors must hold a type and dimensions for tensor 'a'");
    refusals.put(
        "{\"a\": [\"F32\", 2.5]}",
        "the note adapter-tensors must hold a type and dimensions for tensor 'a'");
    refusals.forEach(
        (text, rule) ->
            // When
            assertThatThrownBy(
                    () ->
                        AdapterNotes.parse(Path.of("artifact"), Map.of(AdapterNotes.TENSORS, text)))
                // Then
                .isInstanceOf(BadInputException.class)
                .hasMessage("artifact: " + rule));
  }

  /** Compresses the factors of an adapter and exports it again. */
  private Path roundTrip(AdapterFiles files, CompressionSettings settings) throws IOException {
    Path path = files.writeAdapter(directory.resolve("adapter"), AdapterFiles.CONFIG);
    Path out = directory.resolve("factors.safetensors");
    try (LoraAdapter adapter = LoraAdapter.open(path);
        Checkpoint zeros = FactorArtifact.parent(adapter)) {
      new DeltaCompressor(cache())
          .compress(
              zeros,
              adapter.weights(),
              FactorArtifact.settings(settings, adapter, BASE),
              out,
              Long.MAX_VALUE,
              ProgressListener.none());
    }
    try (DeltaArtifact artifact = DeltaArtifact.open(out)) {
      return export(artifact);
    }
  }

  private Path export(DeltaArtifact artifact) throws IOException {
    Path exported = directory.resolve("exported");
    FactorArtifact.export(artifact, cache(), exported, ProgressListener.none());
    return exported;
  }

  private DigestCache cache() {
    return new DigestCache(directory.resolve("cache"));
  }

  private static void assertSameTensors(Path one, Path other) throws IOException {
    Map<String, byte[]> left = Pair.read(one.resolve("adapter_model.safetensors"));
    Map<String, byte[]> right = Pair.read(other.resolve("adapter_model.safetensors"));
    assertThat(left.keySet()).isEqualTo(right.keySet());
    left.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(right.get(name)));
  }
}
