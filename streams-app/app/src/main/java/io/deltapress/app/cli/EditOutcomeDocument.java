package io.deltapress.app.cli;

import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditScores;
import org.jspecify.annotations.Nullable;

/**
 * What a run made of an edit, as JSON.
 *
 * @param verdict applied, already-true, ineffective or refused
 * @param rank largest rank of its shift; null without an artifact
 * @param norm Frobenius norm of its shift; null without an artifact
 * @param bytes length of its artifact; null without one
 */
record EditOutcomeDocument(
    String editId,
    String verdict,
    @Nullable String reason,
    @Nullable Scores before,
    @Nullable Scores after,
    @Nullable String method,
    @Nullable Integer rank,
    @Nullable Double norm,
    @Nullable Long bytes,
    double milliseconds) {

  /** Scores as JSON, shares of 1. */
  record Scores(
      double rewrite,
      @Nullable Double rephrase,
      @Nullable Double locality,
      @Nullable Double portability) {

    static @Nullable Scores of(@Nullable EditScores scores) {
      return scores == null
          ? null
          : new Scores(
              scores.getRewrite(),
              scores.getRephrase(),
              scores.getLocality(),
              scores.getPortability());
    }
  }

  static EditOutcomeDocument of(EditOutcome outcome) {
    boolean artifact = outcome.getEntry() != null;
    return new EditOutcomeDocument(
        outcome.getEditId(),
        PolicyFile.spelled(outcome.getVerdict()),
        outcome.getReason(),
        Scores.of(outcome.getBefore()),
        Scores.of(outcome.getAfter()),
        artifact ? outcome.getEntry().getMethod() : null,
        artifact ? outcome.getEntry().getRank() : null,
        artifact ? outcome.getEntry().getNorm() : null,
        artifact ? outcome.getEntry().getArtifact().getLength() : null,
        outcome.getMilliseconds());
  }

  /** One of the scores. */
  @FunctionalInterface
  interface ScoreOf {
    @Nullable Double of(Scores scores);
  }

  /** A score before and after, such as {@code 0 -> 100 %}; a dash where there is none. */
  static String change(@Nullable Scores before, @Nullable Scores after, ScoreOf score) {
    Double from = before == null ? null : score.of(before);
    Double to = after == null ? null : score.of(after);
    if (from == null && to == null) {
      return "-";
    }
    return "%s -> %s %%".formatted(percent(from), percent(to));
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "?" : Long.toString(Math.round(100 * share));
  }
}
