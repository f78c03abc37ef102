package io.deltapress.app.domain;

import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.EditPolicy;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Decides whether a policy is right in itself; the same for who sets one and for who reads it. */
public final class PolicyRules {
  private static final int MOST_RUNGS = 16;
  private static final int MOST_CANARIES = 16;
  private static final int LARGEST_BATCH = 256;
  private static final long LONGEST_WINDOW_MILLIS = 600_000;

  /** A version names each of them, and its record must fit into Kafka. */
  private static final int MOST_LIVE = 2_000;

  private static final Pattern CANARY_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?");

  /** Methods that divide by a q that can be looked for. */
  private static final Set<CompressionMethod> FITTED =
      Set.of(CompressionMethod.DAREX_Q, CompressionMethod.STRUCTURAL, CompressionMethod.AUTO);

  /** Rules in the order in which a person would want to hear of them. */
  private static final List<Function<Policy, Optional<String>>> RULES =
      List.of(
          PolicyRules::method,
          PolicyRules::ladder,
          PolicyRules::values,
          PolicyRules::rescale,
          PolicyRules::canaries,
          PolicyRules::calibration,
          PolicyRules::largestDrop,
          PolicyRules::whenUnmeasured,
          PolicyRules::edits);

  private PolicyRules() {}

  /** The first rule that is broken, as one line: what, where, what to do. */
  public static Optional<String> broken(Policy policy) {
    Optional<String> identity = identity(policy);
    if (identity.isPresent() || policy.getRemoved()) {
      return identity;
    }
    return RULES.stream().map(rule -> rule.apply(policy)).flatMap(Optional::stream).findFirst();
  }

  private static Optional<String> identity(Policy policy) {
    if (!isScope(policy.getScope())) {
      return Optional.of(
          "scope \"%s\" is none: use *, a tenant, or tenant/model"
              .formatted(Names.forMessage(policy.getScope())));
    }
    return policy.getAuthor().isBlank()
        ? Optional.of("author is empty: name the person or service that sets the policy")
        : Optional.empty();
  }

  /** Whether a policy may cover this: {@code *}, a tenant, or {@code tenant/model}. */
  public static boolean isScope(String scope) {
    String[] parts = scope.split("/", -1);
    return scope.equals(GatePolicy.EVERYTHING)
        || (parts.length <= 2 && List.of(parts).stream().allMatch(Names::isTenantOrModel));
  }

  private static Optional<String> method(Policy policy) {
    return switch (policy.getMethod()) {
      case UNKNOWN ->
          Optional.of("method is unknown to this release: use " + SubmissionValidator.METHODS);
      case WANDA, AUTO ->
          Optional.of(
              "method %s is not in the stream yet: use %s"
                  .formatted(policy.getMethod(), SubmissionValidator.METHODS));
      default -> Optional.empty();
    };
  }

  private static Optional<String> ladder(Policy policy) {
    List<Double> rates = policy.getPruneRates();
    if (rates.isEmpty() || rates.size() > MOST_RUNGS) {
      return Optional.of(
          "pruneRates has %d rungs: use 1 to %d".formatted(rates.size(), MOST_RUNGS));
    }
    for (int rung = 0; rung < rates.size(); rung++) {
      double rate = rates.get(rung);
      if (!(rate >= 0 && rate < 1)) {
        return Optional.of(
            "prune rate %s is not one: use 0 to below 1, 0 for the whole delta".formatted(rate));
      }
      if (rung > 0 && rate >= rates.get(rung - 1)) {
        return Optional.of(
            "prune rate %s follows %s: let each rung be lower than the one before"
                .formatted(rate, rates.get(rung - 1)));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> values(Policy policy) {
    return policy.getValues() == ValueCode.UNKNOWN
        ? Optional.of("values is unknown to this release: use EXACT, BF16, F16, INT8 or INT4")
        : Optional.empty();
  }

  private static Optional<String> rescale(Policy policy) {
    if (policy.getRescale() == RescaleStrategy.UNKNOWN) {
      return Optional.of(
          "rescale is unknown to this release: use GIVEN, VALIDATION, OUTPUT_CHANGE, ANALYTIC or"
              + " SHAPED");
    }
    return policy.getRescale() == RescaleStrategy.GIVEN || FITTED.contains(policy.getMethod())
        ? Optional.empty()
        : Optional.of(
            "rescale %s does not fit method %s, which divides by a fixed number: use GIVEN, or"
                    .formatted(policy.getRescale(), policy.getMethod())
                + " method DAREX_Q");
  }

  private static Optional<String> canaries(Policy policy) {
    List<Canary> canaries = policy.getCanaries();
    if (canaries.size() > MOST_CANARIES) {
      return Optional.of(
          "the policy has %d canaries: use at most %d".formatted(canaries.size(), MOST_CANARIES));
    }
    Set<String> names = new HashSet<>();
    for (Canary canary : canaries) {
      String name = Names.forMessage(canary.getName());
      if (!CANARY_NAME.matcher(canary.getName()).matches() || !names.add(canary.getName())) {
        return Optional.of(
            "canary name \"%s\" is used twice or not allowed: use 1 to 64 of A-Z a-z 0-9 . _ -"
                .formatted(name));
      }
      Optional<String> broken = canary(canary, name);
      if (broken.isPresent()) {
        return broken;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> canary(Canary canary, String name) {
    if (canary.getTaskLocation().isBlank()) {
      return Optional.of("canary %s has no task file: say where it lies".formatted(name));
    }
    if (canary.getSha256() != null && !Names.isDigest(canary.getSha256())) {
      return Optional.of(
          "sha256 of canary %s is no SHA-256: it has 64 characters of 0-9 a-f".formatted(name));
    }
    return canary.getMetric() == CanaryMetric.UNKNOWN
        ? Optional.of(
            "metric of canary %s is unknown to this release: use EXACT_MATCH, ACCURACY, F1, MATTHEWS"
                    .formatted(name)
                + " or PEARSON_SPEARMAN")
        : Optional.empty();
  }

  private static Optional<String> calibration(Policy policy) {
    String location = policy.getCalibrationLocation();
    if (policy.getRescale() != RescaleStrategy.GIVEN && (location == null || location.isBlank())) {
      return Optional.of(
          "rescale %s needs a calibration file: give calibration, or rescale GIVEN"
              .formatted(policy.getRescale()));
    }
    return policy.getCanaries().stream()
        .filter(canary -> canary.getTaskLocation().equals(location))
        .findFirst()
        .map(
            canary ->
                "calibration is the file of canary %s: calibrate on tasks that nothing is measured on"
                    .formatted(Names.forMessage(canary.getName())));
  }

  private static Optional<String> largestDrop(Policy policy) {
    double drop = policy.getLargestDrop();
    return drop >= 0 && drop <= 1
        ? Optional.empty()
        : Optional.of("largestDrop %s is no share: use 0 to 1, 0.01 for a point".formatted(drop));
  }

  private static Optional<String> whenUnmeasured(Policy policy) {
    return policy.getWhenUnmeasured() == WhenUnmeasured.UNKNOWN
        ? Optional.of("whenUnmeasured is unknown to this release: use PUBLISH or REJECT")
        : Optional.empty();
  }

  private static Optional<String> edits(Policy policy) {
    EditPolicy edits = policy.getEdits();
    if (edits == null) {
      return Optional.empty();
    }
    if (edits.getEditor().isBlank()) {
      return Optional.of(
          "edits.editor is empty: name an editor, such as whitened, or where a trained one lies");
    }
    if (edits.getPreservedLocation() != null && edits.getPreservedLocation().isBlank()) {
      return Optional.of("edits.preserve is empty: leave it out, or name a task file");
    }
    double drop = edits.getLargestDrop();
    if (!(drop >= 0 && drop <= 1)) {
      return Optional.of(
          "edits.largestDrop %s is no share: use 0 to 1, 0.01 for a point".formatted(drop));
    }
    if (edits.getWhenUnmeasured() == WhenUnmeasured.UNKNOWN) {
      return Optional.of("edits.whenUnmeasured is unknown to this release: use PUBLISH or REJECT");
    }
    return within("edits.largestBatch", edits.getLargestBatch(), 1, LARGEST_BATCH)
        .or(() -> within("edits.window", edits.getWindow(), 0, LONGEST_WINDOW_MILLIS))
        .or(() -> within("edits.mostLive", edits.getMostLive(), 1, MOST_LIVE));
  }

  private static Optional<String> within(String field, long value, long least, long most) {
    return value >= least && value <= most
        ? Optional.empty()
        : Optional.of("%s %d is out of range: use %d to %d".formatted(field, value, least, most));
  }
}
