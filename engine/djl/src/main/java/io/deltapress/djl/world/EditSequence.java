package io.deltapress.djl.world;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.random.SplitMix64;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A long sequence of edits of a world, and facts that it does not touch. No fact is in two parts.
 *
 * @param edits each of another fact, with its other phrasings
 * @param preserved facts that an editor may be shown, in all phrasings
 * @param heldOut facts that no editor is shown, in one phrasing each: what locality is measured on
 */
public record EditSequence(List<EditRequest> edits, List<Task> preserved, List<Task> heldOut) {

  /** Makes the lists unmodifiable. */
  public EditSequence {
    edits = List.copyOf(edits);
    preserved = List.copyOf(preserved);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * Draws a sequence.
   *
   * @param world whose facts are edited
   * @param seed of the order, of which facts are which, and of the targets
   * @param edits how many facts are edited
   * @param preserved how many facts may be shown
   * @param heldOut how many facts are asked about; all together at most those of the world
   * @return the sequence; the same for the same world and numbers
   */
  public static EditSequence draw(
      FactWorld world, long seed, int edits, int preserved, int heldOut) {
    List<FactWorld.Fact> facts = world.facts();
    if (edits < 1 || preserved < 0 || heldOut < 1 || edits + preserved + heldOut > facts.size()) {
      throw new IllegalArgumentException(
          "%d edits, %d preserved and %d held-out facts asked for, the world has %d"
              .formatted(edits, preserved, heldOut, facts.size()));
    }
    SplitMix64 random = SplitMix64.forPurpose(seed, 310);
    int[] order = random.permutation(facts.size());
    CounterfactualEdits counterfactual = new CounterfactualEdits(world);
    List<EditRequest> requests = new ArrayList<>();
    List<Task> shown = new ArrayList<>();
    List<Task> asked = new ArrayList<>();
    for (int i = 0; i < edits + preserved + heldOut; i++) {
      FactWorld.Fact fact = facts.get(order[i]);
      if (i < edits) {
        String id = String.format(Locale.ROOT, "edit-%04d", i + 1);
        requests.add(counterfactual.edit(id, fact, facts, 0, random));
      } else if (i < edits + preserved) {
        for (int phrasing = 0; phrasing < fact.relation().phrasings(); phrasing++) {
          shown.add(fact.task(phrasing));
        }
      } else {
        asked.add(fact.task(random.nextInt(fact.relation().phrasings())));
      }
    }
    return new EditSequence(requests, shown, asked);
  }
}
