package io.deltapress.app.domain;

import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.VersionCause;
import io.deltapress.schemas.VersionState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Words versions that have edits on what is below them. */
final class Versions {
  private Versions() {}

  /** The version that what is live now makes of its foundation; who asked for it is left open. */
  static ModelVersion.Builder of(ModelTurn turn, ModelVersion below, List<LedgerEdit> live) {
    BatchState batch = turn.batch();
    List<EditEntry> entries =
        live.stream().map(LedgerEdit::entry).flatMap(Optional::stream).toList();
    boolean edited = !entries.isEmpty();
    return ModelVersion.newBuilder(below)
        .setVersion(turn.nextVersion())
        .setState(edited ? VersionState.EDITED : VersionState.PUBLISHED)
        .setEdits(entries)
        .setAlreadyTrue(alreadyTrue(live))
        .setFoundationDigest(edited ? foundationDigest(batch, below) : null)
        .setEditGate(
            edited
                ? EditGateReports.report(batch.rules(), batch.judged())
                : below.getFolded().isEmpty() ? null : below.getEditGate())
        .setRevocation(null)
        .setPublishedAt(turn.now());
  }

  private static @Nullable String foundationDigest(BatchState batch, ModelVersion below) {
    return batch.foundationDigest() != null
        ? batch.foundationDigest()
        : below.getFoundationDigest();
  }

  static List<String> alreadyTrue(List<LedgerEdit> live) {
    return RunAsk.ids(live.stream().filter(edit -> edit.artifact() == null).toList());
  }

  /** The same as asked for by a person. */
  static ModelVersion.Builder because(ModelVersion.Builder version, Command command) {
    return version
        .setSubmissionId(command.submissionId())
        .setRequestedBy(command.requestedBy())
        .setSubmittedAt(command.submittedAt())
        .setCause(ModelTurn.cause(command));
  }

  /** The same as asked for by whoever asked for these edits. */
  static ModelVersion.Builder because(ModelVersion.Builder version, List<LedgerEdit> edits) {
    EditRequest first = edits.get(0).request();
    return version
        .setSubmissionId(first.submissionId())
        .setRequestedBy(first.requestedBy())
        .setSubmittedAt(first.submittedAt())
        .setCause(new VersionCause("edits", RunAsk.ids(edits), null));
  }
}
