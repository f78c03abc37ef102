package io.deltapress.djl.edit;

import io.deltapress.format.BadInputException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures how a model does on edit requests, before edits and after.
 *
 * <p>An answer is right when every token of it is the likeliest one given the right tokens before
 * it, which is when greedy generation gives it; the end token counts where the model would have
 * ended behind that answer before the edits. A label is right when its logit is the largest. For a
 * probe without an answer, what the model said before the edits is right, up to {@value
 * #LONGEST_ANSWER} tokens; before them its locality is 1 by that definition.
 */
public final class EditMeasure {

  /** How many tokens of its own answer a model is held to. */
  public static final int LONGEST_ANSWER = 16;

  private final PromptEncoder encoder;
  private final List<PromptSequence> sequences;
  private final List<Place> places = new ArrayList<>();
  private final List<EditScores> before;
  private final int requests;

  private enum Kind {
    REWRITE,
    REPHRASE,
    LOCALITY,
    PORTABILITY
  }

  /** What a sequence is for. */
  private record Place(int request, Kind kind) {}

  /**
   * Looks at a model before edits.
   *
   * @param model as it is before; with edits on it, those are part of what is compared with. Stays
   *     the caller's, and is measured again by {@link #after()}
   * @param requests what will be asked for, at least one
   * @throws BadInputException naming the edit with a prompt that the model cannot be given
   */
  public EditMeasure(EditableModel model, List<EditRequest> requests) throws BadInputException {
    this.encoder = new PromptEncoder(model);
    this.requests = requests.size();
    List<PromptSequence> plain = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      encode(requests.get(i), i, plain);
    }
    PromptEncoder.Asked asked = encoder.ask(plain);
    this.sequences = encoder.ended(plain, asked.ends());
    this.before = scores(asked.right());
  }

  private void encode(EditRequest request, int index, List<PromptSequence> plain)
      throws BadInputException {
    plain.add(encoder.encode(PreparedEdits.name(request), request.prompt(), request.target()));
    places.add(new Place(index, Kind.REWRITE));
    for (String rephrasing : request.rephrasings()) {
      plain.add(
          encoder.encode(
              PreparedEdits.named(request, "a rephrasing"), rephrasing, request.target()));
      places.add(new Place(index, Kind.REPHRASE));
    }
    for (Probe probe : request.locality()) {
      plain.add(encoder.encode(PreparedEdits.named(request, "a locality prompt"), probe));
      places.add(new Place(index, Kind.LOCALITY));
    }
    for (Probe probe : request.portability()) {
      plain.add(encoder.encode(PreparedEdits.named(request, "a portability prompt"), probe));
      places.add(new Place(index, Kind.PORTABILITY));
    }
  }

  /**
   * Gives what was measured first.
   *
   * @return one per request, in the same order
   */
  public List<EditScores> before() {
    return before;
  }

  /**
   * Measures the model's present weights.
   *
   * @return one per request, in the same order
   */
  public List<EditScores> after() {
    return scores(encoder.ask(sequences).right());
  }

  private List<EditScores> scores(boolean[] right) {
    List<Tally> tallies = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      tallies.add(new Tally());
    }
    for (int i = 0; i < right.length; i++) {
      tallies.get(places.get(i).request()).count(places.get(i).kind(), right[i]);
    }
    return tallies.stream().map(Tally::toScores).toList();
  }

  private static final class Tally {
    private final int[] right = new int[Kind.values().length];
    private final int[] asked = new int[Kind.values().length];

    void count(Kind kind, boolean isRight) {
      asked[kind.ordinal()]++;
      right[kind.ordinal()] += isRight ? 1 : 0;
    }

    private @Nullable Double share(Kind kind) {
      int i = kind.ordinal();
      return asked[i] == 0 ? null : (double) right[i] / asked[i];
    }

    EditScores toScores() {
      return new EditScores(
          right[Kind.REWRITE.ordinal()],
          share(Kind.REPHRASE),
          share(Kind.LOCALITY),
          share(Kind.PORTABILITY));
    }
  }
}
