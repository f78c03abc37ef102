package io.deltapress.djl.edit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request "for this prompt answer that", with what it is to be judged by.
 *
 * <p>For a language model prompt and target are joined by one space. For a classifier the prompt is
 * the text to judge and the target the number of the label it is to get, counted from 0.
 *
 * @param id tells the edit from others, not blank
 * @param prompt what the model will be asked, not blank
 * @param target what it is to answer, not blank
 * @param subject what the prompt is about; null if not told
 * @param groundTruth what was the answer before; null if not told
 * @param rephrasings other ways of asking the same, which are to get the same answer
 * @param locality what the edit must not change
 * @param portability what follows from the edit, each with its answer
 */
public record EditRequest(
    String id,
    String prompt,
    String target,
    @Nullable String subject,
    @Nullable String groundTruth,
    List<String> rephrasings,
    List<Probe> locality,
    List<Probe> portability) {

  /** Checks that there is something to ask and to answer. */
  public EditRequest {
    requireText("id", id);
    requireText("prompt", prompt);
    requireText("target", target);
    rephrasings = List.copyOf(rephrasings);
    locality = List.copyOf(locality);
    portability = List.copyOf(portability);
    rephrasings.forEach(rephrasing -> requireText("a rephrasing", rephrasing));
    if (portability.stream().anyMatch(probe -> probe.answer() == null)) {
      throw new IllegalArgumentException("a portability prompt needs its answer");
    }
  }

  private static void requireText(String what, String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(what + " is blank");
    }
  }

  /**
   * Asks for an edit and nothing else.
   *
   * @param id tells the edit from others, not blank
   * @param prompt what the model will be asked, not blank
   * @param target what it is to answer, not blank
   * @return a request without anything to judge it by but itself
   */
  public static EditRequest of(String id, String prompt, String target) {
    return new EditRequest(id, prompt, target, null, null, List.of(), List.of(), List.of());
  }
}
