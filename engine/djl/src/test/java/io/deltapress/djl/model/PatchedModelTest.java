package io.deltapress.djl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoArraysLeft.class)
class PatchedModelTest {

  private static final Path BASE = Fixtures.path("llama/grouped-query-tied-bf16");
  private static final List<String> TOUCHED =
      List.of("model.layers.0.mlp.up_proj.weight", "model.layers.1.self_attn.q_proj.weight");

  @TempDir private Path directory;
  private final DigestCache digests = DigestCache.standard();

  @ParameterizedTest
  @EnumSource(ValueCode.class)
  void shouldServeTheArtifactsResultAndThenTheBaseAgainBitForBit(ValueCode values)
      throws IOException {
    // Given
    try (NDManager manager = TensorRuntime.newManager();
        PatchedModel patched = PatchedModel.open(manager, BASE, digests);
        DeltaArtifact artifact = artifact(tuned(manager, "tuned", 0.25f), values)) {
      SortedMap<String, float[]> base = weights(patched.model());

      // When
      patched.apply(artifact);
      SortedMap<String, float[]> served = weights(patched.model());
      patched.undo();

      // Then
      assertSame(served, applied(manager, artifact));
      assertThat(served.get(TOUCHED.get(0))).isNotEqualTo(base.get(TOUCHED.get(0)));
      assertSame(weights(patched.model()), base);
    }
  }

  @Test
  void shouldSwitchFromOneFineTuneToAnotherWithoutATraceOfTheFirst() throws IOException {
    // Given
    try (NDManager manager = TensorRuntime.newManager();
        PatchedModel patched = PatchedModel.open(manager, BASE, digests)) {
      Path first = tuned(manager, "first", 0.5f);
      Path second = tuned(manager, "second", -0.5f);
      try (DeltaArtifact artifact = artifact(first, ValueCode.EXACT);
          Checkpoint other = Checkpoints.open(second);
          TransformerModel expected = ModelDirectory.load(manager, second)) {
        patched.apply(artifact);

        // When
        patched.apply(other);

        // Then
        assertSame(weights(patched.model()), weights(expected));
      }
    }
  }

  @Test
  void shouldLeaveTheBaseAsItWasWhenTheArtifactHasAnotherParent() throws IOException {
    // Given
    try (NDManager manager = TensorRuntime.newManager();
        PatchedModel patched =
            PatchedModel.open(manager, tuned(manager, "other-base", 1f), digests);
        DeltaArtifact artifact = artifact(tuned(manager, "tuned", 0.25f), ValueCode.EXACT)) {
      SortedMap<String, float[]> before = weights(patched.model());

      // When
      assertThatThrownBy(() -> patched.apply(artifact))
          // Then
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("is not that of the artifact's parent");
      assertSame(weights(patched.model()), before);
    }
  }

  private Path tuned(NDManager manager, String name, float shift) throws IOException {
    Path out = directory.resolve(name);
    try (TransformerModel model = ModelDirectory.load(manager, BASE)) {
      for (String tensor : TOUCHED) {
        float[] values = model.weights().read(tensor);
        for (int i = 0; i < values.length; i++) {
          values[i] += shift * (i % 7);
        }
        model.weights().write(tensor, 0, values);
      }
      ModelDirectory.save(model, BASE, out);
    }
    return out;
  }

  private DeltaArtifact artifact(Path fineTuned, ValueCode values) throws IOException {
    Path out = directory.resolve(fineTuned.getFileName() + "-delta.safetensors");
    CompressionSettings settings =
        CompressionSettings.builder(Method.DAREX_Q, 0.9)
            .rescale(0.25)
            .seed(5)
            .values(values)
            .build();
    try (Checkpoint base = Checkpoints.open(BASE);
        Checkpoint tuned = Checkpoints.open(fineTuned)) {
      new DeltaCompressor(digests)
          .compress(base, tuned, settings, out, Long.MAX_VALUE, ProgressListener.none());
    }
    return DeltaArtifact.open(out);
  }

  /** What the artifact gives when it is applied on disk. */
  private SortedMap<String, float[]> applied(NDManager manager, DeltaArtifact artifact)
      throws IOException {
    Path out = directory.resolve("applied");
    try (Checkpoint base = Checkpoints.open(BASE)) {
      new DeltaApplier(digests).apply(base, artifact, out, ProgressListener.none());
    }
    try (TransformerModel model = ModelDirectory.load(manager, out)) {
      return weights(model);
    }
  }

  private static SortedMap<String, float[]> weights(TransformerModel model) {
    SortedMap<String, float[]> weights = new TreeMap<>();
    model.weights().arrays().keySet().forEach(t -> weights.put(t, model.weights().read(t)));
    return weights;
  }

  private static void assertSame(SortedMap<String, float[]> actual, SortedMap<String, float[]> to) {
    assertThat(actual.keySet()).isEqualTo(to.keySet());
    actual.forEach(
        (tensor, values) -> assertThat(values).as(tensor).containsExactly(to.get(tensor)));
  }
}
