package io.deltapress.app.domain;

import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a base once it was checked.
 *
 * @param refusal why it may not be used; null if it may
 */
public record BaseFact(String digest, String name, String location, @Nullable String refusal) {

  /** The fact in a registration that carries a verdict. */
  public static BaseFact of(BaseRegistration registration) {
    boolean usable = registration.getStatus() == BaseStatus.USABLE;
    String refusal = registration.getRefusal();
    return new BaseFact(
        registration.getWeightsDigest(),
        registration.getName(),
        registration.getLocation(),
        usable ? null : refusal == null ? "refused without a word" : refusal);
  }

  /** Whether deltas of this base may be planned. */
  public boolean isUsable() {
    return refusal == null;
  }
}
