package io.deltapress.app.cli;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.ValueCode;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a delta is to be compressed; the same offline and in a submission. */
final class CompressionFlags {
  private static final Set<String> LATER_METHODS = Set.of("wanda", "structural", "auto");
  private static final Set<String> LATER_RESCALES =
      Set.of("analytic", "validation", "output-change");

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "dare",
      description =
          "dare (random drop, q = 1 - p), darex-q (random drop, q given by --rescale) or magnitude"
              + " (the smallest are dropped). Default: ${DEFAULT-VALUE}.")
  private String method;

  @Option(
      names = "--prune-rate",
      paramLabel = "P",
      defaultValue = "0.99",
      description =
          "Prune rate p, 0 to 1: the share of delta parameters that is dropped. Default:"
              + " ${DEFAULT-VALUE}.")
  private double pruneRate;

  @Option(
      names = "--rescale",
      paramLabel = "Q",
      description =
          "Rescale factor q, a positive number: kept deltas are divided by it. Default: 1 - p for"
              + " dare, 1 for magnitude; darex-q needs it.")
  private @Nullable String rescale;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of the mask. Default: derived from tenant, base and fine-tune, so that doing it"
              + " again drops the same positions.")
  private @Nullable Long seed;

  @Option(
      names = "--values",
      paramLabel = "CODE",
      defaultValue = "exact",
      description =
          "How kept values are stored: exact, bf16, f16, int8 or int4. Default: ${DEFAULT-VALUE}.")
  private String values;

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description =
          "Prune only tensors whose names match; may be repeated. Default with no --exclude either:"
              + " the attention and feed-forward blocks of llama, mistral, qwen2 and gpt2 models,"
              + " all of others.")
  private List<String> include = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description =
          "Do not prune tensors whose names match; may be repeated. Default with no --include"
              + " either: *classifier* of bert and roberta models.")
  private List<String> exclude = List.of();

  /** Fails at once if anything is wrong that can be seen without looking at weights. */
  void check() {
    settings(0);
  }

  /** The settings, with the seed to use if none was given. */
  CompressionSettings settings(long defaultSeed) {
    try {
      return CompressionSettings.builder(method(), pruneRate)
          .rescale(rescale().orElseGet(this::defaultRescale))
          .seed(seed().orElse(defaultSeed))
          .values(values())
          .include(include)
          .exclude(exclude)
          .build();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** The factor that was asked for. */
  OptionalDouble rescale() {
    if (rescale == null) {
      return OptionalDouble.empty();
    }
    if (LATER_RESCALES.contains(rescale)) {
      throw new UsageException(
          "--rescale " + rescale + " is not in this release: give q as a number");
    }
    try {
      return OptionalDouble.of(Double.parseDouble(rescale));
    } catch (NumberFormatException e) {
      throw new UsageException("--rescale " + rescale + " is not a number");
    }
  }

  /** The seed that was asked for. */
  OptionalLong seed() {
    return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
  }

  private Method method() {
    if (LATER_METHODS.contains(method)) {
      throw new UsageException("--method " + method + " is not in this release: use " + methods());
    }
    return Method.of(method)
        .orElseThrow(
            () -> new UsageException("--method " + method + " is unknown: use " + methods()));
  }

  private ValueCode values() {
    return ValueCode.of(values)
        .orElseThrow(
            () ->
                new UsageException(
                    "--values " + values + " is unknown: use " + names(ValueCode.values())));
  }

  private double defaultRescale() {
    return CompressionSettings.defaultRescale(method(), pruneRate)
        .orElseThrow(
            () ->
                new UsageException(
                    "--method darex-q needs --rescale Q; the search for q is not in this release"));
  }

  private static String methods() {
    return joined(
        Arrays.stream(Method.values())
            .map(Method::wireName)
            .filter(name -> !LATER_METHODS.contains(name))
            .toList());
  }

  private static String names(ValueCode[] codes) {
    return joined(Arrays.stream(codes).map(ValueCode::wireName).toList());
  }

  private static String joined(List<String> names) {
    int last = names.size() - 1;
    return names.subList(0, last).stream().collect(Collectors.joining(", "))
        + " or "
        + names.get(last);
  }
}
