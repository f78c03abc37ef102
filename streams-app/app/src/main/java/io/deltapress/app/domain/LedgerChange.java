package io.deltapress.app.domain;

import io.deltapress.schemas.ModelVersion;

/** A change of what is remembered of the edits of a model. */
public sealed interface LedgerChange {
  /** An edit that is queued or in effect is as it says now. */
  record Kept(LedgerEdit edit) implements LedgerChange {}

  /** An edit is neither queued nor in effect any more, and no version has it. */
  record Dropped(LedgerEdit edit) implements LedgerChange {}

  /** An edit is not in effect any more, and an earlier version has it. */
  record Retired(LedgerEdit edit) implements LedgerChange {}

  /** An edit that was retired is in effect again. */
  record Restored(LedgerEdit edit) implements LedgerChange {}

  /** Nothing of an edit may be remembered, wherever it is. */
  record Erased(LedgerEdit edit) implements LedgerChange {}

  /** A version is as it says now. */
  record Versioned(ModelVersion version) implements LedgerChange {}
}
