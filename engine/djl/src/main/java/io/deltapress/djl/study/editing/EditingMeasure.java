package io.deltapress.djl.study.editing;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.TextLoss;
import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Evaluator;
import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.world.EditSequence;
import io.deltapress.djl.world.FactWorld;
import io.deltapress.format.BadInputException;
import java.util.List;

/** Measures what is left of a model after the first edits of a sequence. */
final class EditingMeasure {

  private static final int STRANGERS = 20;

  private final EditableModel model;
  private final EditSequence sequence;
  private final Evaluator heldOut;
  private final TextLoss text;

  EditingMeasure(EditableModel model, EditSequence sequence, FactWorld world)
      throws BadInputException {
    this.model = model;
    this.sequence = sequence;
    this.heldOut = evaluator(sequence.heldOut());
    this.text =
        new TextLoss(
            model, world.newFacts(0, STRANGERS).training().stream().map(Task::prompt).toList());
  }

  private Evaluator evaluator(List<Task> tasks) {
    return new Evaluator((LanguageModel) model.model(), model.tokenizer(), tasks);
  }

  /** Of the present weights. */
  double textLoss() {
    return text.measure();
  }

  /** Of the present weights. */
  double locality() {
    return share(heldOut);
  }

  /** The figures of the present weights; times and sizes are told. */
  EditingRow.Point after(int edits, double milliseconds, double bytes) {
    List<EditRequest> made = sequence.edits().subList(0, edits);
    List<Task> prompts = made.stream().map(e -> new Task(e.prompt(), e.target())).toList();
    List<Task> rephrasings =
        made.stream()
            .flatMap(edit -> edit.rephrasings().stream().map(r -> new Task(r, edit.target())))
            .toList();
    return new EditingRow.Point(
        edits,
        share(evaluator(prompts)),
        share(evaluator(rephrasings)),
        locality(),
        textLoss(),
        milliseconds,
        bytes);
  }

  private static double share(Evaluator evaluator) {
    return evaluator.evaluate(EvaluationListener.none()).exactMatch();
  }
}
