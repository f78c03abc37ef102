package io.deltapress.app.cli.demo;

import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Evaluator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Exact match of models on task files; each pair is measured once. */
final class Scores {
  private final DemoWatcher watcher;
  private final Map<Question, Double> known = new HashMap<>();

  Scores(DemoWatcher watcher) {
    this.watcher = watcher;
  }

  private record Question(Path model, Path task) {}

  double of(Path model, Path task) throws IOException {
    Question question = new Question(model, task);
    Double score = known.get(question);
    if (score == null) {
      EvaluationListener listener = (done, total) -> watcher.check();
      score = Evaluator.evaluate(model, task, listener).exactMatch();
      known.put(question, score);
    }
    return score;
  }
}
