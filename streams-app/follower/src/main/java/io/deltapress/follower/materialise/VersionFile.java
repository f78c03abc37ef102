package io.deltapress.follower.materialise;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deltapress.format.AtomicFile;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.EditEntry;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a finished version consists of: {@code version.json}, written last into its directory. It
 * tells a version that is there from one that was being built, and what an operator looks at.
 *
 * @param tenant owner of the model
 * @param model name of the model
 * @param version number of the version
 * @param baseDigest weights digest of the base
 * @param artifactDigest content address of the artifact; null if there is no delta on the base
 * @param foundationDigest weights digest of base and delta, without edits; null in files of
 *     releases without edits, where it is the result
 * @param resultDigest weights digest of the checkpoint; null where the edits lie beside their
 *     foundation and so make none
 * @param shards SHA-256 of the artifact's shards, in order
 * @param edits the live edits, in the order in which they are put on
 * @param editForm the form that was asked for; null without edits
 * @param files lengths in bytes of all other files, by their path in the directory
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record VersionFile(
    String tenant,
    String model,
    int version,
    String baseDigest,
    @Nullable String artifactDigest,
    @Nullable String foundationDigest,
    @Nullable String resultDigest,
    List<String> shards,
    List<Edit> edits,
    @Nullable String editForm,
    Map<String, Long> files) {
  static final String NAME = "version.json";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  VersionFile {
    shards = shards == null ? List.of() : List.copyOf(shards);
    edits = edits == null ? List.of() : List.copyOf(edits);
    files = files == null ? Map.of() : Map.copyOf(files);
  }

  /**
   * A live edit.
   *
   * @param editId the edit
   * @param sha256 content address of its artifact
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Edit(String editId, String sha256) {
    static Edit of(EditEntry entry) {
      return new Edit(entry.getEditId(), entry.getArtifact().getSha256());
    }
  }

  /**
   * Describes what is in a directory now.
   *
   * @param form in which edits were to be written
   */
  static VersionFile of(
      ModelVersion version,
      String foundationDigest,
      Optional<String> resultDigest,
      EditForm form,
      Path directory)
      throws IOException {
    ArtifactManifest artifact = version.getArtifact();
    return new VersionFile(
        version.getTenant(),
        version.getModel(),
        version.getVersion(),
        version.getBaseDigest(),
        artifact == null ? null : artifact.getArtifactDigest(),
        foundationDigest,
        resultDigest.orElse(null),
        artifact == null
            ? List.of()
            : artifact.getShards().stream().map(ShardManifest::getSha256).toList(),
        version.getEdits().stream().map(Edit::of).toList(),
        version.getEdits().isEmpty() ? null : form.configName(),
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

  /**
   * Whether this is what a version's record asks for.
   *
   * @param form in which edits are to be written
   */
  boolean isOf(ModelVersion wanted, EditForm form) {
    return version == wanted.getVersion()
        && Objects.equals(tenant, wanted.getTenant())
        && Objects.equals(model, wanted.getModel())
        && isOnBaseAndDeltaOf(wanted)
        && edits.equals(wanted.getEdits().stream().map(Edit::of).toList())
        && (edits.isEmpty() || form.configName().equals(editForm));
  }

  /** Whether this version has the foundation that another one needs, whatever their edits. */
  boolean hasFoundationOf(ModelVersion wanted) {
    return foundationDigest != null && isOnBaseAndDeltaOf(wanted);
  }

  private boolean isOnBaseAndDeltaOf(ModelVersion wanted) {
    ArtifactManifest artifact = wanted.getArtifact();
    return Objects.equals(baseDigest, wanted.getBaseDigest())
        && Objects.equals(artifactDigest, artifact == null ? null : artifact.getArtifactDigest());
  }

  /** Content addresses of everything of this version that the cache holds. */
  Stream<String> cached() {
    return Stream.concat(shards.stream(), edits.stream().map(Edit::sha256));
  }

  /** Whether all files are there with their lengths; their bytes are not read. */
  boolean isComplete(Path directory) throws IOException {
    // A version without an artifact is a link to its base, which may have moved.
    VersionLayout layout = new VersionLayout(directory);
    if (files.isEmpty() && layout.lacksWeights() || layout.isLinkedToNothing()) {
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
