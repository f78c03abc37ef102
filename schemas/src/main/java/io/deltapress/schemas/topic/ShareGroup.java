package io.deltapress.schemas.topic;

import java.util.List;
import java.util.Map;

/**
 * A share group that workers read a lane through.
 *
 * @param suffix the group's id without the configured prefix
 * @param lane the topic it reads
 * @param configs the group configurations it must have before its first member joins
 */
public record ShareGroup(String suffix, Topic<?> lane, Map<String, String> configs) {
  /**
   * How often a task is delivered at most; on the last delivery a worker answers without running
   * it. A member that leaves can take a second delivery of what it hands back, through the fetch it
   * still has under way, so that one departure costs up to two of them.
   */
  public static final int DELIVERY_COUNT_LIMIT = 5;

  /** The workers of the compress lane. */
  public static final ShareGroup COMPRESS_WORKERS =
      ofLane("workers-compress", Topics.WORK_COMPRESS);

  /** The workers of the calibrate lane. */
  public static final ShareGroup CALIBRATE_WORKERS =
      ofLane("workers-calibrate", Topics.WORK_CALIBRATE);

  /** The workers of the edit lane. */
  public static final ShareGroup EDIT_WORKERS = ofLane("workers-edit", Topics.WORK_EDIT);

  private static ShareGroup ofLane(String suffix, Topic<?> lane) {
    return new ShareGroup(
        suffix,
        lane,
        Map.of(
            "share.isolation.level", "read_committed",
            "share.auto.offset.reset", "earliest",
            "share.delivery.count.limit", Integer.toString(DELIVERY_COUNT_LIMIT)));
  }

  public ShareGroup {
    configs = Map.copyOf(configs);
  }

  /** Returns every share group. */
  public static List<ShareGroup> all() {
    return List.of(COMPRESS_WORKERS, CALIBRATE_WORKERS, EDIT_WORKERS);
  }

  /** Returns the group's id below a prefix such as {@code deltapress.}. */
  public String id(String prefix) {
    return prefix + suffix;
  }
}
