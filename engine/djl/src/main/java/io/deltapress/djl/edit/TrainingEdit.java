package io.deltapress.djl.edit;

import io.deltapress.format.BadInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * An edit to train an editor on, as sequences for the model.
 *
 * @param prompt what the editor is given
 * @param rephrasings the target behind other prompts, at least one
 * @param locality what must not change, at least one
 */
record TrainingEdit(
    PromptSequence prompt, List<PromptSequence> rephrasings, List<PromptSequence> locality) {

  /** One way of judging an edit. */
  record Variant(TrainingEdit edit, int number) {}

  int variants() {
    return rephrasings.size();
  }

  /** A rephrasing, then so many prompts that must not change; other ones for each variant. */
  List<PromptSequence> judged(int variant, int localityPrompts) {
    List<PromptSequence> judged = new ArrayList<>();
    judged.add(rephrasings.get(variant));
    for (int i = 0; i < localityPrompts; i++) {
      judged.add(locality.get((variant * localityPrompts + i) % locality.size()));
    }
    return judged;
  }

  /** Encodes requests, with end tokens where the model would end. */
  static List<TrainingEdit> allOf(EditableModel model, List<EditRequest> requests)
      throws BadInputException {
    PromptEncoder encoder = new PromptEncoder(model);
    List<List<PromptSequence>> targets = new ArrayList<>();
    for (EditRequest request : requests) {
      List<PromptSequence> sequences = new ArrayList<>();
      sequences.add(
          encoder.encode(PreparedEdits.name(request), request.prompt(), request.target()));
      for (String rephrasing : request.rephrasings()) {
        String what = PreparedEdits.named(request, "a rephrasing");
        sequences.add(encoder.encode(what, rephrasing, request.target()));
      }
      targets.add(encoder.ended(sequences, encoder.ask(sequences).ends()));
    }
    List<TrainingEdit> edits = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      List<PromptSequence> of = targets.get(i);
      edits.add(
          new TrainingEdit(
              of.get(0),
              of.size() == 1 ? of : of.subList(1, of.size()),
              locality(encoder, requests, i)));
    }
    return List.copyOf(edits);
  }

  private static List<PromptSequence> locality(
      PromptEncoder encoder, List<EditRequest> requests, int index) throws BadInputException {
    EditRequest request = requests.get(index);
    List<PromptSequence> locality = new ArrayList<>();
    for (Probe probe : request.locality()) {
      locality.add(encoder.encode(PreparedEdits.named(request, "a locality prompt"), probe));
    }
    for (int i = 1; locality.isEmpty() && i <= requests.size(); i++) {
      EditRequest other = requests.get((index + i) % requests.size());
      locality.add(encoder.encode(PreparedEdits.name(other), Probe.of(other.prompt())));
    }
    return locality;
  }
}
