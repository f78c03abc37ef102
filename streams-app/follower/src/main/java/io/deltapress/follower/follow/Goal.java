package io.deltapress.follower.follow;

import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.ModelVersion;

/** What a follower should do about a model, as far as the records it has read tell. */
public sealed interface Goal {

  /** The version of the head, 0 if the head is not known. */
  int headVersion();

  /** The model has no head. */
  record Nothing() implements Goal {
    @Override
    public int headVersion() {
      return 0;
    }
  }

  /**
   * A record that the head needs has not been read yet.
   *
   * @param reason what is missing, one line
   */
  record Waiting(int headVersion, String reason) implements Goal {}

  /**
   * The head must not or cannot be served; what is served stays.
   *
   * @param reason why, one line, and what to do
   */
  record Refused(int headVersion, String reason) implements Goal {}

  /**
   * The head can be loaded.
   *
   * @param version record of the head's version
   * @param base its base
   */
  record Loading(ModelVersion version, BaseRegistration base) implements Goal {
    @Override
    public int headVersion() {
      return version.getVersion();
    }
  }
}
