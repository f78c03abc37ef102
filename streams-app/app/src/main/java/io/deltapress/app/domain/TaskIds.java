package io.deltapress.app.domain;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of tasks: the same work always has the same name, so a repeated answer is recognised. */
public final class TaskIds {
  private static final Pattern BASE_CHECK = Pattern.compile("base/([^/]*)/check/[0-9a-f]{64}");

  private TaskIds() {}

  /** {@code <submission>/survey}. */
  public static String survey(String submissionId) {
    return submissionId + "/survey";
  }

  /** {@code <submission>/shard/000003}. */
  public static String shard(String submissionId, int index) {
    return String.format(Locale.ROOT, "%s/shard/%06d", submissionId, index);
  }

  /** {@code <submission>/calibrate/02}, by rung of the ladder. */
  public static String calibrate(String submissionId, int rung) {
    return String.format(Locale.ROOT, "%s/calibrate/%02d", submissionId, rung);
  }

  /** {@code <submission>/gate/02}, by rung of the ladder. */
  public static String gate(String submissionId, int rung) {
    return String.format(Locale.ROOT, "%s/gate/%02d", submissionId, rung);
  }

  /** {@code <request>/run/000017}, by number of the run among those of its model. */
  static String run(String requestId, int number) {
    return String.format(Locale.ROOT, "%s/run/%06d", requestId, number);
  }

  /** {@code base/<digest>/check/<digest of the location>}. */
  public static String baseCheck(String weightsDigest, String location) {
    return "base/" + weightsDigest + "/check/" + Checksums.sha256(location);
  }

  /** The digest of the base that the task checks; empty if it is a task of a delta. */
  public static Optional<String> baseOfCheck(String taskId) {
    Matcher matcher = BASE_CHECK.matcher(taskId);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
