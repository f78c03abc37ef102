package io.deltapress.app.cli;

import io.deltapress.djl.importance.WandaNorms;
import io.deltapress.djl.rescale.RescaleFit;
import io.deltapress.djl.rescale.RescaleFitter;
import io.deltapress.djl.rescale.RescaleListener;
import io.deltapress.djl.rescale.RescaleObjective;
import io.deltapress.djl.rescale.RescaleRequest;
import io.deltapress.djl.rescale.RescaleStrategy;
import io.deltapress.djl.rescale.Trial;
import io.deltapress.djl.select.Measurement;
import io.deltapress.djl.select.MethodSelector;
import io.deltapress.djl.select.Selection;
import io.deltapress.djl.select.SelectionListener;
import io.deltapress.djl.select.SelectionRequest;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.InputNorms;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out what was left to be found out: the method, its rescale factors, norms of inputs. */
final class CompressionPlan {
  private final Shell shell;
  private final CompressionFlags flags;
  private final SearchFlags search;
  private final DigestCache digests;

  CompressionPlan(Shell shell, CompressionFlags flags, SearchFlags search, DigestCache digests) {
    this.shell = shell;
    this.flags = flags;
    this.search = search;
    this.digests = digests;
  }

  /**
   * What came of it.
   *
   * @param settings to compress with
   * @param fit how the rescale factors were found; null if they were given or are the method's own
   * @param selection how the method was chosen; null if it was given
   */
  record Found(
      CompressionSettings settings, @Nullable RescaleFit fit, @Nullable Selection selection) {}

  /** Fails at once if anything is wrong that can be seen without looking at weights. */
  void check() {
    if (flags.isAuto()) {
      requireText("--method auto");
      if (flags.rescaleGiven()) {
        throw new UsageException("--method auto chooses its own q: leave --rescale out");
      }
      flags.partialSettings(Method.DARE, 0);
      return;
    }
    Method method = flags.method();
    if (method == Method.WANDA) {
      requireText("--method wanda");
    }
    Optional<RescaleWord> word = word(method);
    if (word.isPresent()) {
      requireSearchable(method, word.get());
      flags.partialSettings(Method.DARE, 0);
    } else {
      if (method != Method.WANDA && search.text() != null) {
        throw new UsageException(
            "--calibration and --validation are of no use here: --rescale gives q, or --method "
                + method.wireName()
                + " has its own");
      }
      flags.settings(0);
    }
  }

  /** Whether there is anything to find out that takes running a model. */
  boolean runsModels() {
    return flags.isAuto() || flags.method() == Method.WANDA || word(flags.method()).isPresent();
  }

  private void requireSearchable(Method method, RescaleWord word) {
    if (method != Method.DAREX_Q && method != Method.STRUCTURAL) {
      throw new UsageException(
          "--rescale %s searches q, which --method %s does not take: use --method darex-q"
              .formatted(word.word(), method.wireName()));
    }
    requireText("--rescale " + word.word());
    if (word == RescaleWord.GRADIENT && search.calibration() == null) {
      throw new UsageException("--rescale gradient needs --calibration FILE");
    }
    if (word == RescaleWord.OUTPUT_CHANGE && search.calibration() == null) {
      throw new UsageException("--rescale output-change needs --calibration FILE");
    }
  }

  private void requireText(String option) {
    if (search.text() == null) {
      throw new UsageException(
          option + " needs --calibration FILE with text of the kind the model will see");
    }
  }

  /** The search to make: asked for, or the default where text is given and q is not. */
  private Optional<RescaleWord> word(Method method) {
    boolean ownFactor = CompressionSettings.defaultRescale(method, flags.pruneRate()).isPresent();
    if (flags.rescaleGiven() || ownFactor || search.text() == null) {
      return flags.rescaleWord();
    }
    return Optional.of(
        search.validation() == null ? RescaleWord.OUTPUT_CHANGE : RescaleWord.VALIDATION);
  }

  /** Looks at both models where there is something to find out. */
  Found find(Path base, Path fineTuned, long seed) throws IOException {
    if (flags.isAuto()) {
      return select(base, fineTuned, seed);
    }
    Method method = flags.method();
    Optional<RescaleWord> word = word(method);
    if (word.isPresent()) {
      return fit(base, fineTuned, seed, method, word.get());
    }
    CompressionSettings settings = flags.settings(seed);
    if (method == Method.WANDA) {
      settings = settings.toBuilder().inputNorms(norms(fineTuned)).build();
    }
    return new Found(settings, null, null);
  }

  private InputNorms norms(Path fineTuned) throws IOException {
    return WandaNorms.measure(fineTuned, search.text());
  }

  private Found fit(Path base, Path fineTuned, long seed, Method method, RescaleWord word)
      throws IOException {
    boolean byLabels =
        word == RescaleWord.VALIDATION
            || word != RescaleWord.OUTPUT_CHANGE
                && word != RescaleWord.GRADIENT
                && search.validation() != null;
    CompressionSettings partial = flags.partialSettings(Method.DARE, seed);
    RescaleRequest request =
        new RescaleRequest(
            word.strategy(),
            byLabels ? RescaleObjective.VALIDATION : RescaleObjective.OUTPUT_CHANGE,
            method,
            partial.pruneRate(),
            search.text(),
            byLabels && search.validation() == null ? search.text() : search.validation(),
            RescaleRequest.seedsOf(seed),
            partial.include(),
            partial.exclude());
    int most = word.strategy().mostTrials();
    try (Progress progress = Progress.of(shell, "search for q", Progress.Unit.TRIALS, most)) {
      RescaleFit fit = new RescaleFitter().fit(base, fineTuned, request, listener(progress));
      CompressionSettings settings =
          flags
              .builder(method, seed)
              .rescale(fit.factors())
              .note("rescale", CompressionReport.Search.of(fit).text())
              .build();
      return new Found(settings, fit, null);
    }
  }

  private static RescaleListener listener(Progress progress) {
    return (strategy, trial, number) -> {
      progress.detail(
          "%s %s gives %s"
              .formatted(
                  strategy.parameter(),
                  Figures.number(trial.value()),
                  Figures.number(trial.figure())));
      progress.advanced(1);
    };
  }

  private Found select(Path base, Path fineTuned, long seed) throws IOException {
    CompressionSettings partial = flags.partialSettings(Method.DARE, seed);
    SelectionRequest request =
        new SelectionRequest(
            partial.pruneRate(),
            seed,
            partial.values(),
            partial.include(),
            partial.exclude(),
            search.text(),
            search.validation());
    int total = SelectionProgress.STEPS;
    try (Progress progress = Progress.of(shell, "choose", Progress.Unit.TRIALS, total)) {
      Selection selection =
          new MethodSelector(digests)
              .select(base, fineTuned, request, new SelectionProgress(progress));
      Measurement chosen = selection.chosen();
      CompressionSettings.Builder settings =
          flags
              .builder(chosen.candidate().method(), seed)
              .rescale(chosen.factors())
              .note(Selection.NOTE, selection.json().toString());
      if (chosen.candidate().method() == Method.WANDA) {
        settings.inputNorms(norms(fineTuned));
      }
      return new Found(settings.build(), chosen.fit(), selection);
    }
  }

  /** Shows every step of a choice. */
  private record SelectionProgress(Progress progress) implements SelectionListener {
    private static final int STEPS = SelectionListener.mostSteps();

    @Override
    public void measured(Measurement measurement, int number, int total) {
      progress.detail(
          "%s gives %s"
              .formatted(measurement.candidate().label(), Figures.number(measurement.figure())));
      progress.advanced(1);
    }

    @Override
    public void tried(RescaleStrategy strategy, Trial trial, int number) {
      progress.advanced(1);
    }
  }
}
