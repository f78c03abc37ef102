package io.deltapress.follower.materialise;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deltapress.format.AtomicFile;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.ShardManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a finished version consists of: {@code version.json}, written last into its directory. It
 * tells a version that is there from one that was being built, and what an operator looks at.
 *
 * @param tenant owner of the model
 * @param model name of the model
 * @param version number of the version
 * @param baseDigest weights digest of the base
 * @param artifactDigest content address of the artifact; null if the version is the base itself
 * @param resultDigest weights digest of the checkpoint
 * @param shards SHA-256 of the artifact's shards, in order
 * @param files lengths in bytes of all other files, by their path in the directory
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record VersionFile(
    String tenant,
    String model,
    int version,
    String baseDigest,
    @Nullable String artifactDigest,
    String resultDigest,
    List<String> shards,
    Map<String, Long> files) {
  static final String NAME = "version.json";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  VersionFile {
    shards = shards == null ? List.of() : List.copyOf(shards);
    files = files == null ? Map.of() : Map.copyOf(files);
  }

  /** Describes what is in a directory now. */
  static VersionFile of(ModelVersion version, String resultDigest, Path directory)
      throws IOException {
    ArtifactManifest artifact = version.getArtifact();
    return new VersionFile(
        version.getTenant(),
        version.getModel(),
        version.getVersion(),
        version.getBaseDigest(),
        artifact == null ? null : artifact.getArtifactDigest(),
        resultDigest,
        artifact == null
            ? List.of()
            : artifact.getShards().stream().map(ShardManifest::getSha256).toList(),
        FileTrees.lengths(directory));
  }

  /** Reads the file of a directory; a damaged one counts as none. */
  static Optional<VersionFile> read(Path directory) throws IOException {
    try {
      return Optional.of(
          JSON.readValue(Files.readAllBytes(directory.resolve(NAME)), VersionFile.class));
    } catch (NoSuchFileException | JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Writes the file, durably. */
  void write(Path directory) throws IOException {
    try (AtomicFile file = AtomicFile.create(directory.resolve(NAME))) {
      file.write(ByteBuffer.wrap(JSON.writeValueAsBytes(this)));
      file.commit();
    }
  }

  /** Whether this is what a version's record asks for. */
  boolean isOf(ModelVersion wanted) {
    ArtifactManifest artifact = wanted.getArtifact();
    return version == wanted.getVersion()
        && Objects.equals(tenant, wanted.getTenant())
        && Objects.equals(model, wanted.getModel())
        && Objects.equals(baseDigest, wanted.getBaseDigest())
        && Objects.equals(artifactDigest, artifact == null ? null : artifact.getArtifactDigest());
  }

  /** Whether all files are there with their lengths; their bytes are not read. */
  boolean isComplete(Path directory) throws IOException {
    // A version without an artifact is a link to its base, which may have moved.
    if (files.isEmpty() && !Files.exists(directory.resolve(VersionBuilder.CHECKPOINT))) {
      return false;
    }
    for (Map.Entry<String, Long> entry : files.entrySet()) {
      Path file = directory.resolve(entry.getKey());
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) != entry.getValue()) {
        return false;
      }
    }
    return true;
  }
}
