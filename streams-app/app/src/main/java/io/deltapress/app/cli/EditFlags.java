package io.deltapress.app.cli;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.Probe;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One edit request, as flags. */
final class EditFlags {
  @Option(names = "--prompt", paramLabel = "TEXT", description = "What the model will be asked.")
  private @Nullable String prompt;

  @Option(names = "--target", paramLabel = "TEXT", description = "What it is to answer.")
  private @Nullable String target;

  @Option(
      names = "--subject",
      paramLabel = "TEXT",
      description = "What the prompt is about, a part of it.")
  private @Nullable String subject;

  @Option(
      names = "--ground-truth",
      paramLabel = "TEXT",
      description = "What it answers until now, as far as you know.")
  private @Nullable String groundTruth;

  @Option(
      names = "--rephrase",
      paramLabel = "TEXT",
      description = "The prompt in other words, to be answered the same; may be repeated.")
  private List<String> rephrasings = List.of();

  @Option(
      names = "--locality",
      paramLabel = "PROMPT[=ANSWER]",
      description =
          "A prompt whose answer must stay: the one given here after the last =, or else what it is"
              + " without the edit; may be repeated.")
  private List<String> locality = List.of();

  @Option(
      names = "--portability",
      paramLabel = "PROMPT=ANSWER",
      description = "A prompt whose answer follows from the edit; may be repeated.")
  private List<String> portability = List.of();

  /** Whether any of them was given. */
  boolean given() {
    return prompt != null
        || target != null
        || subject != null
        || groundTruth != null
        || !rephrasings.isEmpty()
        || !locality.isEmpty()
        || !portability.isEmpty();
  }

  /**
   * The request.
   *
   * @throws UsageException if the flags are not one
   */
  EditRequest request(String id) {
    if (prompt == null || target == null) {
      throw new UsageException("give --prompt and --target, or --file with requests");
    }
    if (subject != null && !prompt.contains(subject)) {
      throw new UsageException("--subject is no part of the prompt: give it as the prompt has it");
    }
    try {
      return new EditRequest(
          id,
          prompt,
          target,
          subject,
          groundTruth,
          rephrasings,
          locality.stream().map(EditFlags::probe).toList(),
          portability.stream().map(EditFlags::probe).toList());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static Probe probe(String text) {
    int sign = text.lastIndexOf('=');
    return sign < 0
        ? new Probe(text.strip(), null)
        : new Probe(text.substring(0, sign).strip(), text.substring(sign + 1).strip());
  }
}
