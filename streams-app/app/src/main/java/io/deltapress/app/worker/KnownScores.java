package io.deltapress.app.worker;

import io.deltapress.schemas.CanaryMetric;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Scores of canaries by what was scored: the same weights score the same on the same file. */
final class KnownScores {
  private static final int MOST = 256;

  private final Map<Question, CanaryScorer.Score> known = new Recent();

  private record Question(String weights, String taskSha256, CanaryMetric metric) {
    static Question of(String weights, TaskFiles.CanaryFile canary) {
      return new Question(weights, canary.sha256(), canary.canary().getMetric());
    }
  }

  /** Computes a score that is not known. */
  @FunctionalInterface
  interface Scoring {
    CanaryScorer.Score score() throws IOException, UnmeasurableException;
  }

  private static final class Recent extends LinkedHashMap<Question, CanaryScorer.Score> {
    private static final long serialVersionUID = 1L;

    Recent() {
      super(MOST, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Question, CanaryScorer.Score> eldest) {
      return size() > MOST;
    }
  }

  /**
   * Whether all these scores of those weights are known.
   *
   * @param weights their digest, or another name of them that is their own
   */
  boolean has(String weights, Iterable<TaskFiles.CanaryFile> canaries) {
    for (TaskFiles.CanaryFile canary : canaries) {
      if (!known.containsKey(Question.of(weights, canary))) {
        return false;
      }
    }
    return true;
  }

  /**
   * A score, computed unless it is known.
   *
   * @param weights their digest, or another name of them that is their own
   */
  CanaryScorer.Score of(String weights, TaskFiles.CanaryFile canary, Scoring scoring)
      throws IOException, UnmeasurableException {
    Question question = Question.of(weights, canary);
    CanaryScorer.Score score = known.get(question);
    if (score == null) {
      score = scoring.score();
      known.put(question, score);
    }
    return score;
  }
}
