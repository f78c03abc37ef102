package io.deltapress.app.domain;

import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.VersionState;
import java.util.List;
import java.util.Optional;

/** What edits are put on: a base and at most one delta, as a version without any edit. */
final class Foundation {
  private final Assembly assembly;

  Foundation(Assembly assembly) {
    this.assembly = assembly;
  }

  /** The version that a batch would make without any edit. */
  ModelVersion of(ModelTurn turn) {
    BatchState batch = turn.batch();
    if (batch.kind() == BatchState.Kind.REPLAY) {
      return assembly.version(turn.model(), turn.facts(), turn.now());
    }
    return batch.foundation() == 0
        ? bare(turn, batch.baseDigest())
        : turn.facts()
            .version(turn.model().key(), batch.foundation())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "version %d of %s is not remembered"
                            .formatted(batch.foundation(), turn.model().key())));
  }

  private static ModelVersion bare(ModelTurn turn, String baseDigest) {
    return ModelVersion.newBuilder()
        .setTenant(turn.model().tenant())
        .setModel(turn.model().model())
        .setVersion(turn.nextVersion())
        .setState(VersionState.PUBLISHED)
        .setSubmissionId("")
        .setBaseDigest(baseDigest)
        .setBaseName(base(turn, baseDigest).name())
        .setRequestedBy("")
        .setSubmittedAt(turn.now())
        .setPublishedAt(turn.now())
        .build();
  }

  static BaseFact base(ModelTurn turn, String digest) {
    return turn.facts()
        .base(digest)
        .orElseThrow(() -> new IllegalStateException("base " + digest + " is not remembered"));
  }

  /** The same for two versions exactly if their edits are put on the same weights. */
  static String key(ModelVersion version) {
    ArtifactManifest delta = version.getArtifact();
    return version.getBaseDigest() + "/" + (delta == null ? "" : delta.getArtifactDigest());
  }

  /** The version whose delta is as it was submitted, before edits were folded into it. */
  static ModelVersion unfolded(ModelTurn turn, ModelVersion version) {
    ModelVersion found = version;
    while (found.getFoldedFrom() != null) {
      int number = found.getFoldedFrom();
      found =
          turn.facts()
              .version(turn.model().key(), number)
              .orElseThrow(
                  () -> new IllegalStateException("version " + number + " is not remembered"));
    }
    return found;
  }

  /**
   * What canaries scored without any edit, those that are folded into the delta taken away too.
   * Empty where nothing is folded, and the worker's own reference holds.
   */
  static List<GateState.Score> references(ModelVersion version) {
    return version.getFoldedFrom() == null || version.getEditGate() == null
        ? List.of()
        : version.getEditGate().getCanaries().stream().map(GateState.Score::of).toList();
  }

  /** Why a model cannot be edited as it is; empty if it can. */
  static Optional<String> missing(ModelTurn turn) {
    ModelState model = turn.model();
    if (model.headVersion() > 0 && turn.head().isEmpty()) {
      return Optional.of(
          "version %d of %s was published by a release that did not remember what edits need: submit"
                  .formatted(model.headVersion(), model.key())
              + " its delta again");
    }
    return Optional.empty();
  }
}
