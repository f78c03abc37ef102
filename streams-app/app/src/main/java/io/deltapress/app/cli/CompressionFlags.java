package io.deltapress.app.cli;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.ValueCode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a delta is to be compressed; the same offline and in a submission. */
final class CompressionFlags {
  private static final String AUTO = "auto";

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "dare",
      description =
          "dare (random drop, q = 1 - p), darex-q (random drop, q given or searched by --rescale),"
              + " magnitude (the smallest are dropped), wanda (the smallest weighed by inputs),"
              + " structural (whole rows and columns at random, q as for darex-q) or auto (compress"
              + " only: measured on --calibration). Default: ${DEFAULT-VALUE}.")
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
          "Rescale factor q by which kept deltas are divided: a positive number, or how to search it"
              + " (compress only): output-change, validation, analytic, shaped or gradient. Default:"
              + " 1 - p for dare, 1 for magnitude and wanda; for darex-q and structural"
              + " output-change with --calibration, validation with --validation.")
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

  /** Fails at once if anything is wrong, or left to be found out, which takes both models. */
  void checkForSubmission() {
    if (!isAuto() && method() == Method.WANDA) {
      throw new UsageException(
          "--method wanda looks at inputs, which a submission does not carry: use compress");
    }
    settings(0);
  }

  /** The settings, with the seed to use if none was given. */
  CompressionSettings settings(long defaultSeed) {
    try {
      CompressionSettings.Builder settings = builder(method(), defaultSeed);
      rescale().ifPresent(settings::rescale);
      requireRescale();
      return settings.build();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** The settings but for method and q, which are still to be found out. */
  CompressionSettings partialSettings(Method standIn, long defaultSeed) {
    try {
      return builder(standIn, defaultSeed).rescale(1).build();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /** Begins the settings that a method has, all but q and what is measured. */
  CompressionSettings.Builder builder(Method chosen, long defaultSeed) {
    return CompressionSettings.builder(chosen, pruneRate)
        .seed(seed().orElse(defaultSeed))
        .values(values())
        .include(include)
        .exclude(exclude);
  }

  private void requireRescale() {
    if (rescale == null && CompressionSettings.defaultRescale(method(), pruneRate).isEmpty()) {
      throw new UsageException(
          "--method %s needs --rescale Q, or --calibration FILE to search it on".formatted(method));
    }
  }

  /** The factor that was asked for. */
  OptionalDouble rescale() {
    if (rescale == null) {
      return OptionalDouble.empty();
    }
    if (rescaleWord().isPresent()) {
      throw new UsageException(
          "--rescale " + rescale + " searches q on both models: give q as a number here");
    }
    try {
      return OptionalDouble.of(Double.parseDouble(rescale));
    } catch (NumberFormatException e) {
      throw new UsageException(
          "--rescale %s is neither a number nor %s"
              .formatted(rescale, joined(RescaleWord.words())));
    }
  }

  /** Whether a factor, or a way to search it, was asked for. */
  boolean rescaleGiven() {
    return rescale != null;
  }

  /** The search that was asked for. */
  Optional<RescaleWord> rescaleWord() {
    return rescale == null ? Optional.empty() : RescaleWord.of(rescale);
  }

  /** The prune rate that was asked for; maybe not one. */
  double pruneRate() {
    return pruneRate;
  }

  /** Whether the method is to be chosen by measurement. */
  boolean isAuto() {
    return method.equals(AUTO);
  }

  /** The seed that was asked for. */
  OptionalLong seed() {
    return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
  }

  /** The method that was asked for; not auto. */
  Method method() {
    if (isAuto()) {
      throw new UsageException("--method auto measures both models: name a method here");
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

  private static String methods() {
    return joined(
        Stream.concat(Arrays.stream(Method.values()).map(Method::wireName), Stream.of(AUTO))
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
