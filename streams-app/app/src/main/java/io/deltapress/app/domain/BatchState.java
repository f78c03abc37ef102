package io.deltapress.app.domain;

import io.deltapress.schemas.GateVerdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one thing that is in work on the edits of a model: a batch of new edits, or a rebuild of the
 * list of those there are.
 *
 * @param command that asked for it; null for new edits and for a new delta
 * @param baseDigest of the base below
 * @param foundation the version whose base and delta the edits are put on; 0 for the base alone,
 *     and for the delta in work
 * @param groups edits to compute, by order; the first is being tried
 * @param unchecked of a rebuild, edits of which is not known yet whether they still hold; of new
 *     edits, those that are true already once what they replace is left out, which is not measured
 * @param judged what the gate said last; null before it said anything
 * @param measured whether that is about the list as it is now
 * @param foundationDigest weights digest of the foundation, as a worker found it; null before
 * @param erased identities of edits that are being erased
 * @param taskId of the task in flight; null if there is none
 */
public record BatchState(
    Kind kind,
    @Nullable Command command,
    Instant startedAt,
    String baseDigest,
    int foundation,
    EditRules rules,
    List<Group> groups,
    List<Integer> unchecked,
    @Nullable Judged judged,
    boolean measured,
    @Nullable String foundationDigest,
    List<String> erased,
    @Nullable String taskId,
    @Nullable TaskState task) {

  /** What the work is for. */
  public enum Kind {
    /** New edits; each group that passes is a version. */
    EDITS,
    /** The live edits on a new delta. */
    REPLAY,
    /** The list without some of its edits. */
    REVERT,
    /** The list without some of its edits, of which nothing may be remembered. */
    ERASE,
    /** The list computed anew, all of it together. */
    REFIT,
    /** The list folded into the delta. */
    SQUASH
  }

  /** What a task is to find out. */
  public enum Stage {
    /** Whether edits still hold. */
    CHECK,
    /** What computing the first group makes. */
    COMPUTE,
    /** What the list as it is now does to the canaries. */
    MEASURE,
    /** The delta that the list makes. */
    FOLD
  }

  /** How small a group is; a larger one that fails is divided. */
  public enum Size {
    WHOLE,
    HALF,
    SINGLE
  }

  /** Edits that are computed together, by order. */
  public record Group(Size size, List<Integer> orders) {
    /** Copies the list, so that the group is immutable. */
    public Group {
      orders = List.copyOf(orders);
    }

    /** What is tried instead of a group that failed; empty for a single edit. */
    List<Group> divided() {
      int count = orders.size();
      if (count == 1) {
        return List.of();
      }
      if (size == Size.WHOLE) {
        int middle = (count + 1) / 2;
        return List.of(
            new Group(Size.HALF, orders.subList(0, middle)),
            new Group(Size.HALF, orders.subList(middle, count)));
      }
      return orders.stream().map(order -> new Group(Size.SINGLE, List.of(order))).toList();
    }

    boolean hasAny(Collection<Integer> wanted) {
      return orders.stream().anyMatch(wanted::contains);
    }

    Group without(Collection<Integer> leaving) {
      return new Group(size, orders.stream().filter(order -> !leaving.contains(order)).toList());
    }
  }

  /** What the gate said. */
  public record Judged(GateVerdict verdict, @Nullable String reason, List<GateState.Score> scores) {
    /** Copies the scores, so that the record is immutable. */
    public Judged {
      scores = List.copyOf(scores);
    }
  }

  /** Copies the lists, so that the state is immutable. */
  public BatchState {
    groups = List.copyOf(groups);
    unchecked = List.copyOf(unchecked);
    erased = List.copyOf(erased);
  }

  static BatchState begun(
      Kind kind,
      @Nullable Command command,
      String baseDigest,
      int foundation,
      EditRules rules,
      Instant now) {
    return new BatchState(
        kind,
        command,
        now,
        baseDigest,
        foundation,
        rules,
        List.of(),
        List.of(),
        null,
        false,
        null,
        List.of(),
        null,
        null);
  }

  /** What the task in flight, or the next one, is to find out. */
  Stage stage() {
    if (kind == Kind.SQUASH) {
      return Stage.FOLD;
    }
    if (!unchecked.isEmpty()) {
      return isRebuild() ? Stage.CHECK : Stage.MEASURE;
    }
    return groups.isEmpty() ? Stage.MEASURE : Stage.COMPUTE;
  }

  /** Whether it makes the list anew, which becomes a version only when all of it is made. */
  boolean isRebuild() {
    return kind != Kind.EDITS && kind != Kind.SQUASH;
  }

  boolean hasTaskToIssue() {
    return task == null;
  }

  Group group() {
    return groups.get(0);
  }

  BatchState computing(List<Group> next) {
    return copy(next, unchecked, judged, measured, foundationDigest, erased, taskId, task);
  }

  /** After the first group came to its end. */
  BatchState withoutFirstGroup() {
    return computing(groups.subList(1, groups.size()));
  }

  /** With these in place of the first group. */
  BatchState divided(List<Group> parts) {
    List<Group> next = new ArrayList<>(parts);
    next.addAll(groups.subList(1, groups.size()));
    return computing(next);
  }

  BatchState checking(List<Integer> next) {
    return copy(groups, next, judged, measured, foundationDigest, erased, taskId, task);
  }

  BatchState erasing(List<String> ids) {
    return copy(groups, unchecked, judged, measured, foundationDigest, ids, taskId, task);
  }

  /** After a gate that measured the list as it is now. */
  BatchState judged(Judged next) {
    return copy(groups, unchecked, next, true, foundationDigest, erased, taskId, task);
  }

  /** After the list changed. */
  BatchState unmeasured() {
    return copy(groups, unchecked, judged, false, foundationDigest, erased, taskId, task);
  }

  BatchState on(String digest) {
    return copy(groups, unchecked, judged, measured, digest, erased, taskId, task);
  }

  BatchState waitingFor(String nextTaskId, TaskState next) {
    return copy(groups, unchecked, judged, measured, foundationDigest, erased, nextTaskId, next);
  }

  /** Its task is answered, or nobody waits for it any more. */
  BatchState answered() {
    return copy(groups, unchecked, judged, measured, foundationDigest, erased, null, null);
  }

  private BatchState copy(
      List<Group> nextGroups,
      List<Integer> nextUnchecked,
      @Nullable Judged nextJudged,
      boolean nextMeasured,
      @Nullable String nextFoundationDigest,
      List<String> nextErased,
      @Nullable String nextTaskId,
      @Nullable TaskState nextTask) {
    return new BatchState(
        kind,
        command,
        startedAt,
        baseDigest,
        foundation,
        rules,
        nextGroups,
        nextUnchecked,
        nextJudged,
        nextMeasured,
        nextFoundationDigest,
        nextErased,
        nextTaskId,
        nextTask);
  }
}
