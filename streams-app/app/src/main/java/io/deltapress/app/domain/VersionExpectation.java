package io.deltapress.app.domain;

import java.util.Optional;

/** The head a submitter believes in. */
final class VersionExpectation {
  private VersionExpectation() {}

  /** The message if the head is another one than the request was made for. */
  static Optional<String> broken(DeltaRequest request, int headVersion) {
    Integer expected = request.expectedVersion();
    return expected == null || expected == headVersion
        ? Optional.empty()
        : Optional.of(
            "%s is at version %d and the submission expects %d: look at the new version and submit"
                    .formatted(request.modelKey(), headVersion, expected)
                + " again");
  }
}
