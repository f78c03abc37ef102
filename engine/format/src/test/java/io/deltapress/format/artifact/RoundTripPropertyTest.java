package io.deltapress.format.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.format.delta.ReferenceArithmetic;
import io.deltapress.format.mask.ReferenceMask;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Compressed and applied, a delta gives what the formula gives element by element. */
class RoundTripPropertyTest {

  @Property(tries = 40)
  void shouldEqualReferenceWhenCompressedAndApplied(
      @ForAll @IntRange(min = 1, max = 3000) int elements,
      @ForAll @IntRange(max = 3) int type,
      @ForAll @DoubleRange(max = 1) double pruneRate,
      @ForAll @DoubleRange(min = 0.01, max = 2) double rescale,
      @ForAll long seed)
      throws IOException {
    // Given
    DType dtype = List.of(DType.BF16, DType.F16, DType.F32, DType.F64).get(type);
    Pair pair = new Pair(seed);
    pair.weights("w", dtype, elements);
    inDirectory(
        bench -> {
          CompressionSettings settings =
              CompressionSettings.builder(Method.DAREX_Q, pruneRate)
                  .rescale(rescale)
                  .seed(seed)
                  .build();
          bench.compress(pair, settings);
          // When
          bench.apply("base.safetensors", "delta.safetensors", "result.safetensors");
          bench.apply("result.safetensors", "delta.safetensors", "restored.safetensors");
          // Then
          assertThat(bench.read("result.safetensors").get("w"))
              .isEqualTo(expected(pair, dtype, settings));
          assertThat(bench.read("restored.safetensors")).containsExactlyEntriesOf(pair.base);
        });
  }

  @Property(tries = 25)
  void shouldTakeBackWhateverWasDone(
      @ForAll @IntRange(min = 1, max = 3000) int elements,
      @ForAll Method method,
      @ForAll ValueCode values,
      @ForAll @DoubleRange(max = 1) double pruneRate,
      @ForAll long seed)
      throws IOException {
    // Given
    Pair pair = new Pair(seed).weights("w", DType.BF16, elements).weights("v", DType.F32, elements);
    pair.fineTuned(new TensorInfo("new", DType.U8, Shape.of(1)), new byte[1]);
    inDirectory(
        bench -> {
          bench.compress(
              pair,
              Workbench.settings(method, pruneRate, 0.5, values).toBuilder().seed(seed).build());
          bench.applyWithUndo(
              "base.safetensors", "delta.safetensors", "result.safetensors", "undo.safetensors");
          // When
          bench.apply("result.safetensors", "undo.safetensors", "restored.safetensors");
          // Then
          assertThat(bench.read("restored.safetensors")).containsExactlyEntriesOf(pair.base);
        });
  }

  private static byte[] expected(Pair pair, DType dtype, CompressionSettings settings) {
    long[] base = elements(dtype, pair.base.get("w"));
    long[] fineTuned = elements(dtype, pair.fineTuned.get("w"));
    ReferenceArithmetic reference = new ReferenceArithmetic(dtype);
    boolean itself = settings.keep().keepsEverything() && settings.rescale().common() == 1;
    if (!Arrays.equals(base, fineTuned)) {
      for (int at :
          new ReferenceMask(settings.seed(), "w", settings.keep().k()).positions(0, base.length)) {
        double rescaled = reference.rescaled(base[at], fineTuned[at], settings.rescale().common());
        base[at] = itself ? fineTuned[at] : reference.encode(reference.sum(base[at], rescaled));
      }
    }
    return bytes(dtype, base);
  }

  private static long[] elements(DType dtype, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long[] elements = new long[bytes.length * 8 / dtype.bits()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] =
          switch (dtype.bits()) {
            case 16 -> buffer.getShort() & 0xFFFFL;
            case 32 -> buffer.getInt() & 0xFFFF_FFFFL;
            default -> buffer.getLong();
          };
    }
    return elements;
  }

  private static byte[] bytes(DType dtype, long[] elements) {
    ByteBuffer buffer =
        ByteBuffer.allocate(elements.length * dtype.bits() / 8).order(ByteOrder.LITTLE_ENDIAN);
    for (long element : elements) {
      switch (dtype.bits()) {
        case 16 -> buffer.putShort((short) element);
        case 32 -> buffer.putInt((int) element);
        default -> buffer.putLong(element);
      }
    }
    return buffer.array();
  }

  @FunctionalInterface
  private interface Work {
    void on(Workbench bench) throws IOException;
  }

  private static void inDirectory(Work work) throws IOException {
    Path directory = Files.createTempDirectory("round-trip");
    try {
      work.on(new Workbench(directory));
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
