package io.deltapress.app.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Medians, 99th percentiles and shares of stages. */
final class JourneyTable {
  private JourneyTable() {}

  static String text(List<Journey> journeys) {
    List<Journey> warm = journeys.stream().filter(journey -> !journey.cold()).toList();
    List<Journey> cold = journeys.stream().filter(Journey::cold).toList();
    StringBuilder text = new StringBuilder();
    text.append(line("stage", "p50 ms", "p99 ms", "share"));
    double sum = warm.stream().mapToDouble(Journey::milliseconds).sum();
    for (String stage : warm.get(0).stages().keySet()) {
      ToDoubleFunction<Journey> of = journey -> journey.stages().getOrDefault(stage, 0.0);
      double share = warm.stream().mapToDouble(of).sum() / sum;
      text.append(
          line(
              stage,
              number(quantile(warm, of, 0.5)),
              number(quantile(warm, of, 0.99)),
              String.format(Locale.ROOT, "%.1f %%", 100 * share)));
    }
    text.append(
        line(
            "request to answer",
            number(quantile(warm, Journey::milliseconds, 0.5)),
            number(quantile(warm, Journey::milliseconds, 0.99)),
            "100 %"));
    text.append(
        line(
            "first edit of a model",
            number(quantile(cold, Journey::milliseconds, 0.5)),
            number(quantile(cold, Journey::milliseconds, 0.99)),
            ""));
    return text.toString();
  }

  private static double quantile(
      List<Journey> journeys, ToDoubleFunction<Journey> of, double share) {
    double[] sorted = journeys.stream().mapToDouble(of).sorted().toArray();
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-26s%10s%10s%10s%n", (Object[]) Arrays.copyOf(cells, 4));
  }
}
