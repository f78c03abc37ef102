package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.DeltaSurvey;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactInspectionTest {
  @TempDir private Path directory;
  private Path artifact;

  @BeforeEach
  void compress() throws IOException {
    artifact = directory.resolve("delta.safetensors");
    Path left = WeightsFile.write(directory.resolve("base.safetensors"), 1);
    Path right = WeightsFile.write(directory.resolve("tuned.safetensors"), 2);
    try (Checkpoint base = Checkpoints.open(left);
        Checkpoint fineTuned = Checkpoints.open(right)) {
      CompressionSettings settings =
          CompressionSettings.builder(Method.DAREX_Q, 0.5)
              .rescale(RescaleFactors.of(0.25, Map.of(WeightsFile.CHANGED, 0.75)))
              .include(List.of("*"))
              .exclude(List.of("*.bias", "odd\nname"))
              .note("selection", "two\nlines")
              .build();
      new DeltaCompressor(new DigestCache(directory.resolve("cache")))
          .compress(
              base,
              fineTuned,
              settings,
              artifact,
              DeltaSurvey.DEFAULT_SHARD_BYTES,
              ProgressListener.none());
    }
  }

  @Test
  void shouldShowFactorsGlobsAndNotesInJsonWhenAnArtifactHasThem() throws IOException {
    // When
    JsonNode json = new ObjectMapper().valueToTree(ArtifactInspection.of(artifact, true));

    // Then
    assertThat(json.path("rescale").doubleValue()).isEqualTo(0.25);
    assertThat(json.path("tensorRescale").path(WeightsFile.CHANGED).doubleValue()).isEqualTo(0.75);
    assertThat(json.path("tensors").path(0).path("rescale").doubleValue()).isEqualTo(0.75);
    assertThat(json.path("include").toString()).isEqualTo("[\"*\"]");
    assertThat(json.path("exclude").toString()).isEqualTo("[\"*.bias\",\"odd\\nname\"]");
    assertThat(json.path("notes").path("selection").textValue()).isEqualTo("two\nlines");
  }

  @Test
  void shouldKeepStrangersTextOnOneLineWhenAPersonReads() throws IOException {
    // When
    List<String> lines = ArtifactInspection.of(artifact, false).text().lines().toList();

    // Then
    assertThat(lines)
        .contains("method            darex-q, p 0.5, q 0.25 (0.75 to 0.75 in 1 tensors)")
        .contains("include           '*'")
        .contains("exclude           '*.bias', 'odd\\u000aname'")
        .contains("note 'selection'  'two\\u000alines'");
  }
}
