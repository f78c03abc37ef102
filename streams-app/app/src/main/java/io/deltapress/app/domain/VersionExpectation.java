package io.deltapress.app.domain;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The head a requester believes in. */
final class VersionExpectation {
  private VersionExpectation() {}

  /** The message if the head is another one than the request was made for. */
  static Optional<String> broken(
      ModelRequest request, @Nullable Integer expected, int headVersion) {
    return expected == null || expected == headVersion
        ? Optional.empty()
        : Optional.of(
            "%s is at version %d and the submission expects %d: look at the new version and submit"
                    .formatted(request.modelKey(), headVersion, expected)
                + " again");
  }
}
