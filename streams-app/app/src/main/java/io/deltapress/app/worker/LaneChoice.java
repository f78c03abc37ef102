package io.deltapress.app.worker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which lanes a worker joins, and why.
 *
 * @param lanes at least one
 * @param reasons one line per lane, joined or not
 */
record LaneChoice(Set<Lane> lanes, List<String> reasons) {

  LaneChoice {
    lanes = Set.copyOf(lanes);
    reasons = List.copyOf(reasons);
  }

  /** Says whether the tensor engine can be used, and if not, why. */
  interface EngineProbe {
    /** Why it cannot be used; empty if it can. */
    Optional<String> fault();

    /** Where models run, if it can be used. */
    String place();
  }

  /**
   * Decides. The engine is only looked for when a lane that runs models might be joined.
   *
   * @param wanted the lanes named in the configuration; empty leaves the choice to the worker
   * @throws IOException with a final message if a lane was asked for that cannot be joined
   */
  static LaneChoice of(Set<Lane> wanted, EngineProbe engine) throws IOException {
    boolean free = wanted.isEmpty();
    Optional<String> fault =
        free || wanted.stream().anyMatch(Lane::runsModels) ? engine.fault() : Optional.empty();
    Set<Lane> joined = EnumSet.noneOf(Lane.class);
    List<String> reasons = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      if (!free && !wanted.contains(lane)) {
        reasons.add("leaves %s out: worker.lanes says so".formatted(lane.spelling()));
      } else if (!lane.runsModels()) {
        joined.add(lane);
        reasons.add(
            "joins %s: %s"
                .formatted(lane.spelling(), free ? "every worker can" : "worker.lanes says so"));
      } else if (fault.isEmpty()) {
        joined.add(lane);
        reasons.add(
            "joins %s on %s: %s"
                .formatted(
                    lane.spelling(),
                    engine.place(),
                    free ? "the tensor engine works" : "worker.lanes says so"));
      } else if (free) {
        reasons.add("leaves %s out: %s".formatted(lane.spelling(), fault.get()));
      } else {
        throw new IOException(
            "Worker cannot join %s, which worker.lanes asks for: %s"
                .formatted(lane.spelling(), fault.get()));
      }
    }
    return new LaneChoice(joined, reasons);
  }
}
