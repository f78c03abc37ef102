package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deltapress.djl.evaluate.TokenizedTask;
import io.deltapress.djl.model.LanguageModel;
import java.util.Arrays;
import java.util.List;

/** Prompts with their answers, learned by predicting every next token. */
record AnswerExamples(LanguageModel model, List<TokenizedTask> tasks, double promptWeight)
    implements TrainingExamples {

  @Override
  public int size() {
    return tasks.size();
  }

  @Override
  public Batch batch(int[] indices) {
    List<TokenizedTask> chosen = Arrays.stream(indices).mapToObj(tasks::get).toList();
    return new AnswerBatch(model, TrainingBatch.of(chosen, promptWeight));
  }

  private record AnswerBatch(LanguageModel model, TrainingBatch batch) implements Batch {

    @Override
    public int tokens() {
      return batch.tokens();
    }

    /** Weighted cross-entropy; weights add up to 1, so nothing is divided inside the graph. */
    @Override
    public NDArray loss() {
      NDManager manager = model.weights().manager();
      return model
          .logits(batch.inputs())
          .logSoftmax(-1)
          .gather(batch.targets(manager), -1)
          .mul(batch.weights(manager))
          .sum()
          .neg();
    }
  }
}
