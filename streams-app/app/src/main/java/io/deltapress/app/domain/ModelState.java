package io.deltapress.app.domain;

import org.jspecify.annotations.Nullable;

/**
 * All that is remembered of a model.
 *
 * @param lastVersion the highest number ever given, 0 for none; numbers are never given twice
 * @param headVersion the version that followers serve, 0 for none
 * @param delta the one delta in work; null if there is none
 */
public record ModelState(
    String tenant, String model, int lastVersion, int headVersion, @Nullable DeltaState delta) {

  /** A model nobody has heard of. */
  public static ModelState unheardOf(String tenant, String model) {
    return new ModelState(tenant, model, 0, 0, null);
  }

  /** {@code tenant/model}. */
  public String key() {
    return tenant + "/" + model;
  }

  ModelState with(DeltaState next) {
    return new ModelState(tenant, model, lastVersion, headVersion, next);
  }

  ModelState withoutDelta() {
    return new ModelState(tenant, model, lastVersion, headVersion, null);
  }

  ModelState published(int version) {
    return new ModelState(tenant, model, version, version, null);
  }
}
