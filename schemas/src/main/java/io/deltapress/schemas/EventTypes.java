package io.deltapress.schemas;

/** CloudEvents types of {@code registry.events}. A type is never renamed. */
public final class EventTypes {
  public static final String BASE_USABLE = "io.deltapress.base.usable";
  public static final String BASE_REFUSED = "io.deltapress.base.refused";
  public static final String POLICY_SET = "io.deltapress.policy.set";
  public static final String POLICY_REMOVED = "io.deltapress.policy.removed";
  public static final String POLICY_REFUSED = "io.deltapress.policy.refused";
  public static final String DELTA_ACCEPTED = "io.deltapress.delta.accepted";
  public static final String DELTA_PARKED = "io.deltapress.delta.parked";
  public static final String DELTA_SURVEYED = "io.deltapress.delta.surveyed";
  public static final String DELTA_CALIBRATED = "io.deltapress.delta.calibrated";
  public static final String DELTA_GATE_PASSED = "io.deltapress.delta.gate-passed";
  public static final String DELTA_GATE_FAILED = "io.deltapress.delta.gate-failed";
  public static final String DELTA_GATE_UNMEASURED = "io.deltapress.delta.gate-unmeasured";
  public static final String DELTA_SHARD_PRUNED = "io.deltapress.delta.shard-pruned";
  public static final String DELTA_SUPERSEDED = "io.deltapress.delta.superseded";
  public static final String DELTA_REJECTED = "io.deltapress.delta.rejected";
  public static final String DELTA_DEAD_LETTERED = "io.deltapress.delta.dead-lettered";
  public static final String VERSION_PUBLISHED = "io.deltapress.version.published";
  public static final String HEAD_MOVED = "io.deltapress.head.moved";

  private EventTypes() {}
}
