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
  public static final String DELTA_REPLAYING = "io.deltapress.delta.replaying";
  public static final String DELTA_CANCELLED = "io.deltapress.delta.cancelled";
  public static final String EDIT_ACCEPTED = "io.deltapress.edit.accepted";
  public static final String EDIT_APPLIED = "io.deltapress.edit.applied";
  public static final String EDIT_ALREADY_TRUE = "io.deltapress.edit.already-true";
  public static final String EDIT_REJECTED = "io.deltapress.edit.rejected";
  public static final String EDIT_DEAD_LETTERED = "io.deltapress.edit.dead-lettered";
  public static final String EDIT_CANCELLED = "io.deltapress.edit.cancelled";
  public static final String EDIT_REPLACED = "io.deltapress.edit.replaced";
  public static final String EDIT_REVERTED = "io.deltapress.edit.reverted";
  public static final String EDIT_ERASED = "io.deltapress.edit.erased";
  public static final String EDIT_KEPT = "io.deltapress.edit.kept";
  public static final String EDIT_LOST = "io.deltapress.edit.lost";
  public static final String EDIT_ROLLED_BACK = "io.deltapress.edit.rolled-back";
  public static final String EDIT_RESTORED = "io.deltapress.edit.restored";
  public static final String EDIT_FOLDED = "io.deltapress.edit.folded";
  public static final String EDITS_GATE_PASSED = "io.deltapress.edits.gate-passed";
  public static final String EDITS_GATE_FAILED = "io.deltapress.edits.gate-failed";
  public static final String EDITS_GATE_UNMEASURED = "io.deltapress.edits.gate-unmeasured";
  public static final String CONTROL_ACCEPTED = "io.deltapress.control.accepted";
  public static final String CONTROL_DONE = "io.deltapress.control.done";
  public static final String CONTROL_REJECTED = "io.deltapress.control.rejected";
  public static final String CONTROL_CANCELLED = "io.deltapress.control.cancelled";
  public static final String CONTROL_DEAD_LETTERED = "io.deltapress.control.dead-lettered";
  public static final String VERSION_REVOKED = "io.deltapress.version.revoked";
  public static final String VERSION_PUBLISHED = "io.deltapress.version.published";
  public static final String HEAD_MOVED = "io.deltapress.head.moved";

  private EventTypes() {}
}
