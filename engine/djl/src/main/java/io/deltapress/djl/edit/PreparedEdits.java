package io.deltapress.djl.edit;

import io.deltapress.format.BadInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests as sequences for a model, and which of them ask for something new.
 *
 * @param requests all requests
 * @param sequences of each, with an end token where the model would end behind the target
 * @param changed indices of the requests whose target the model does not give yet, ascending
 */
record PreparedEdits(
    List<EditRequest> requests, List<PromptSequence> sequences, List<Integer> changed) {

  /**
   * Asks the model about the targets.
   *
   * @throws BadInputException naming the edit that the model cannot be given
   */
  static PreparedEdits of(EditableModel model, List<EditRequest> requests)
      throws BadInputException {
    PromptEncoder encoder = new PromptEncoder(model);
    List<PromptSequence> sequences = new ArrayList<>();
    for (EditRequest request : requests) {
      sequences.add(encoder.encode(name(request), request.prompt(), request.target()));
    }
    PromptEncoder.Asked asked = encoder.ask(sequences);
    List<Integer> changed = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      if (!asked.right()[i]) {
        changed.add(i);
      }
    }
    return new PreparedEdits(requests, encoder.ended(sequences, asked.ends()), changed);
  }

  /** What the prompt of a request is called in messages. */
  static String name(EditRequest request) {
    return named(request, "the prompt");
  }

  /** What something of a request is called in messages. */
  static String named(EditRequest request, String what) {
    return "edit %s: %s".formatted(BadInputException.quote(request.id()), what);
  }

  /** The sequences of those that ask for something new. */
  List<PromptSequence> changedSequences() {
    return changed.stream().map(sequences::get).toList();
  }
}
