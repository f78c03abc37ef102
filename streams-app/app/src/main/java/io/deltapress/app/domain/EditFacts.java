package io.deltapress.app.domain;

import io.deltapress.schemas.ModelVersion;
import java.util.List;
import java.util.Optional;

/** What planning edits of a model reads. */
public interface EditFacts extends Answers {
  /** Every edit that is queued or in effect, by order. */
  List<LedgerEdit> edits(String modelKey);

  /** An edit that was in effect and may be served again by a rollback. */
  Optional<LedgerEdit> retiredEdit(String modelKey, String editId);

  /** Every edit that was in effect and may be served again by a rollback. */
  List<LedgerEdit> retiredEdits(String modelKey);

  /** A version that this release published. */
  Optional<ModelVersion> version(String modelKey, int version);

  /** Every version that this release published, by number. */
  List<ModelVersion> versions(String modelKey);

  /** What is known of a base. */
  Optional<BaseFact> base(String weightsDigest);
}
