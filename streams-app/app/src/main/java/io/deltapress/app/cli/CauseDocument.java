package io.deltapress.app.cli;

import io.deltapress.schemas.VersionCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which request something follows from, as JSON. */
record CauseDocument(String kind, List<String> requestIds, @Nullable String reason) {

  static @Nullable CauseDocument of(@Nullable VersionCause cause) {
    return cause == null
        ? null
        : new CauseDocument(cause.getKind(), List.copyOf(cause.getRequestIds()), cause.getReason());
  }
}
