package io.deltapress.djl.select;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.djl.rescale.Goal;
import java.util.List;
import java.util.Locale;

/**
 * A choice and what it was made on.
 *
 * @param pruneRate the prune rate p
 * @param delta how large the delta is
 * @param measured what was measured, in words
 * @param goal which figures are good
 * @param measurements every candidate, in the order of trying; at least one
 */
public record Selection(
    double pruneRate, DeltaSize delta, String measured, Goal goal, List<Measurement> measurements) {

  /** Key of the note that keeps a choice in the artifact it led to. */
  public static final String NOTE = "selection";

  /** Copies the list. */
  public Selection {
    measurements = List.copyOf(measurements);
    if (measurements.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  /**
   * Picks the winner.
   *
   * @return the candidate with the best figure; of equals the one tried first
   */
  public Measurement chosen() {
    Measurement best = measurements.get(0);
    for (Measurement measurement : measurements) {
      if (goal.isBetter(measurement.figure(), best.figure())) {
        best = measurement;
      }
    }
    return best;
  }

  /**
   * Explains the choice.
   *
   * @return one sentence without a full stop
   */
  public String reason() {
    Measurement chosen = chosen();
    boolean asExpected = chosen.candidate().isRandom() != delta.isLarge();
    return "%s has the %s %s, %s; %s, which %s"
        .formatted(
            chosen.candidate().label(),
            goal.name().toLowerCase(Locale.ROOT),
            measured,
            number(chosen.figure()),
            delta.expectation(),
            asExpected ? "the measurement confirms" : "the measurement does not confirm");
  }

  /**
   * Writes the choice down, for programs and for the artifact.
   *
   * @return a JSON object
   */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("pruneRate", pruneRate);
    json.put("measured", measured);
    json.put("goal", goal.name().toLowerCase(Locale.ROOT));
    json.put("meanAbsoluteDelta", delta.meanAbsolute());
    json.put("relativeDelta", delta.relative());
    ArrayNode candidates = json.putArray("candidates");
    for (Measurement measurement : measurements) {
      ObjectNode candidate = candidates.addObject();
      candidate.put("method", measurement.candidate().method().wireName());
      if (measurement.candidate().strategy() != null) {
        candidate.put("rescaleBy", measurement.candidate().strategy().wireName());
      }
      candidate.put("rescale", measurement.factors().common());
      candidate.put("figure", measurement.figure());
      candidate.put("artifactBytes", measurement.bytes());
    }
    json.put("chosen", chosen().candidate().label());
    json.put("reason", reason());
    return json;
  }

  private static String number(double figure) {
    return String.format(Locale.ROOT, "%.4g", figure);
  }
}
