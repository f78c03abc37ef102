package io.deltapress.app.cli;

import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.ModelVersion;
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
    String requestedBy,
    String submittedAt,
    String publishedAt,
    @Nullable String revocation) {

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
        version.getRequestedBy(),
        EventLine.time(version.getSubmittedAt()),
        EventLine.time(version.getPublishedAt()),
        version.getRevocation() == null ? null : version.getRevocation().getReason());
  }

  String methodText() {
    return method == null || pruneRate == null || rescale == null
        ? "base"
        : "%s p %s q %s".formatted(method, Figures.number(pruneRate), Figures.number(rescale));
  }
}
