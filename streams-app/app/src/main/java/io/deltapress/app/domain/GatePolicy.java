package io.deltapress.app.domain;

import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.EditPolicy;
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
 * @param edits how edits are made and judged; null in policies without, and of earlier releases
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
    WhenUnmeasured whenUnmeasured,
    @Nullable EditPart edits) {

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
        policy.getWhenUnmeasured(),
        policy.getEdits() == null ? null : EditPart.of(policy.getEdits()));
  }

  /**
   * How edits of the scope are made and judged.
   *
   * @param preserved location of what the model must go on knowing; null where nothing is named
   * @param windowMillis how long a batch waits for more, 0 for not at all
   * @param mostLive most live edits of a model
   * @param largestDrop of any canary's score against the version without edits, 0 to 1
   */
  public record EditPart(
      String editor,
      @Nullable String preserved,
      int largestBatch,
      long windowMillis,
      int mostLive,
      double largestDrop,
      WhenUnmeasured whenUnmeasured) {

    static EditPart of(EditPolicy policy) {
      return new EditPart(
          policy.getEditor(),
          policy.getPreservedLocation(),
          policy.getLargestBatch(),
          policy.getWindow(),
          policy.getMostLive(),
          policy.getLargestDrop(),
          policy.getWhenUnmeasured());
    }
  }

  List<Canary> canaryRecords() {
    return canaries.stream().map(CanaryTask::toRecord).toList();
  }
}
