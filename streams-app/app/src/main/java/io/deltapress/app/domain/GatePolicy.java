package io.deltapress.app.domain;

import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy in the form in which it is remembered: the conditions under which deltas of its scope
 * become versions.
 *
 * @param scope {@code *}, a tenant, or {@code tenant/model}
 * @param removed whether the scope has no policy any more
 * @param pruneRates the ladder, highest first
 * @param calibrationLocation the task file that q is fitted on; null where nothing is fitted
 * @param largestDrop of any canary's score against the unpruned fine-tune, 0 to 1
 */
public record GatePolicy(
    String scope,
    boolean removed,
    CompressionMethod method,
    List<Double> pruneRates,
    ValueCode values,
    RescaleStrategy rescale,
    @Nullable String calibrationLocation,
    List<CanaryTask> canaries,
    double largestDrop,
    WhenUnmeasured whenUnmeasured) {

  /** Covers every model of every tenant. */
  public static final String EVERYTHING = "*";

  /** Copies the lists, so that the policy is immutable. */
  public GatePolicy {
    pruneRates = List.copyOf(pruneRates);
    canaries = List.copyOf(canaries);
  }

  /**
   * A task file that a delta must not ruin.
   *
   * @param sha256 of the file; null measures whatever is there
   */
  public record CanaryTask(
      String name, String location, @Nullable String sha256, CanaryMetric metric) {

    static CanaryTask of(Canary canary) {
      return new CanaryTask(
          canary.getName(), canary.getTaskLocation(), canary.getSha256(), canary.getMetric());
    }

    Canary toRecord() {
      return Canary.newBuilder()
          .setName(name)
          .setTaskLocation(location)
          .setSha256(sha256)
          .setMetric(metric)
          .build();
    }
  }

  /** The policy in a record that {@link PolicyRules} let through. */
  public static GatePolicy of(Policy policy) {
    return new GatePolicy(
        policy.getScope(),
        policy.getRemoved(),
        policy.getMethod(),
        policy.getPruneRates(),
        policy.getValues(),
        policy.getRescale(),
        policy.getCalibrationLocation(),
        policy.getCanaries().stream().map(CanaryTask::of).toList(),
        policy.getLargestDrop(),
        policy.getWhenUnmeasured());
  }

  List<Canary> canaryRecords() {
    return canaries.stream().map(CanaryTask::toRecord).toList();
  }
}
