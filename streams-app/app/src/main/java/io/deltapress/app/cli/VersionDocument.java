package io.deltapress.app.cli;

import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.ModelVersion;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A version as JSON; without an artifact it is the base itself. */
record VersionDocument(
    int version,
    String state,
    String submissionId,
    String baseDigest,
    String baseName,
    @Nullable String artifactDigest,
    @Nullable String fineTunedDigest,
    @Nullable String method,
    @Nullable Double pruneRate,
    @Nullable Double rescale,
    @Nullable Long seed,
    @Nullable String values,
    @Nullable Integer shards,
    @Nullable Long parameters,
    @Nullable Long denseBytes,
    @Nullable Long artifactBytes,
    @Nullable Double ratio,
    @Nullable GateDocument gate,
    @Nullable List<Edit> edits,
    @Nullable String foundationDigest,
    @Nullable EditGateDocument editGate,
    @Nullable CauseDocument cause,
    String requestedBy,
    String submittedAt,
    String publishedAt,
    @Nullable String revocation) {

  /** A live edit of the version as JSON. */
  record Edit(String editId, String method, int rank, double norm, String sha256, long bytes) {
    static Edit of(EditEntry entry) {
      return new Edit(
          entry.getEditId(),
          entry.getMethod(),
          entry.getRank(),
          entry.getNorm(),
          entry.getArtifact().getSha256(),
          entry.getArtifact().getLength());
    }
  }

  static VersionDocument of(ModelVersion version) {
    ArtifactManifest artifact = version.getArtifact();
    boolean delta = artifact != null;
    return new VersionDocument(
        version.getVersion(),
        version.getState().name().toLowerCase(Locale.ROOT),
        version.getSubmissionId(),
        version.getBaseDigest(),
        version.getBaseName(),
        delta ? artifact.getArtifactDigest() : null,
        delta ? artifact.getFineTunedDigest() : null,
        delta ? WireCompression.nameOf(artifact.getMethod()) : null,
        delta ? artifact.getPruneRate() : null,
        delta ? artifact.getRescale() : null,
        delta ? artifact.getSeed() : null,
        delta ? WireCompression.nameOf(artifact.getValues()) : null,
        delta ? artifact.getShards().size() : null,
        delta ? artifact.getParameters() : null,
        delta ? artifact.getDenseBytes() : null,
        delta ? artifact.getTotalBytes() : null,
        delta ? (double) artifact.getDenseBytes() / artifact.getTotalBytes() : null,
        version.getGate() == null ? null : GateDocument.of(version.getGate()),
        version.getEdits().isEmpty() ? null : version.getEdits().stream().map(Edit::of).toList(),
        version.getFoundationDigest(),
        EditGateDocument.of(version.getEditGate()),
        CauseDocument.of(version.getCause()),
        version.getRequestedBy(),
        EventLine.time(version.getSubmittedAt()),
        EventLine.time(version.getPublishedAt()),
        version.getRevocation() == null ? null : version.getRevocation().getReason());
  }

  int editCount() {
    return edits == null ? 0 : edits.size();
  }

  /** Verdict of the gate of the edits, or else of that of the delta. */
  String gateText() {
    if (editGate != null) {
      return editGate.verdict();
    }
    return gate == null ? "-" : gate.verdict();
  }

  String methodText() {
    return method == null || pruneRate == null || rescale == null
        ? "base"
        : "%s p %s q %s".formatted(method, Figures.number(pruneRate), Figures.number(rescale));
  }
}
