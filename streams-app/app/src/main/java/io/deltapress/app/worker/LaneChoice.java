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
   * Decides. The engine is only looked for when the calibrate lane might be joined.
   *
   * @param wanted the lanes named in the configuration; empty leaves the choice to the worker
   * @throws IOException with a final message if a lane was asked for that cannot be joined
   */
  static LaneChoice of(Set<Lane> wanted, EngineProbe engine) throws IOException {
    Set<Lane> joined = EnumSet.noneOf(Lane.class);
    List<String> reasons = new ArrayList<>();
    boolean free = wanted.isEmpty();
    if (free || wanted.contains(Lane.COMPRESS)) {
      joined.add(Lane.COMPRESS);
      reasons.add("joins compress: " + (free ? "every worker can" : "worker.lanes says so"));
    } else {
      reasons.add("leaves compress out: worker.lanes says so");
    }
    if (!free && !wanted.contains(Lane.CALIBRATE)) {
      reasons.add("leaves calibrate out: worker.lanes says so");
      return new LaneChoice(joined, reasons);
    }
    Optional<String> fault = engine.fault();
    if (fault.isPresent() && !free) {
      throw new IOException(
          "Worker cannot join calibrate, which worker.lanes asks for: " + fault.get());
    }
    if (fault.isPresent()) {
      reasons.add("leaves calibrate out: " + fault.get());
    } else {
      joined.add(Lane.CALIBRATE);
      reasons.add(
          "joins calibrate on %s: %s"
              .formatted(
                  engine.place(), free ? "the tensor engine works" : "worker.lanes says so"));
    }
    return new LaneChoice(joined, reasons);
  }
}
