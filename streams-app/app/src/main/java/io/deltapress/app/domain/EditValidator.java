package io.deltapress.app.domain;

import io.deltapress.schemas.EditProbe;
import io.deltapress.schemas.EditSubmission;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request for an edit is right in itself, whatever the state of its model. No
 * message repeats what the request says.
 */
public final class EditValidator {
  /** Most characters of a prompt, of the edit or of a probe. */
  static final int LONGEST_PROMPT = 4_000;

  /** Most characters of an answer. */
  static final int LONGEST_TARGET = 1_000;

  /** Most rephrasings, and most probes of each kind. */
  static final int MOST_PROBES = 32;

  /** Rules in the order in which a person would want to hear of them. */
  private static final List<Function<EditSubmission, Optional<Refusal>>> RULES =
      List.of(
          edit -> text("prompt", edit.getPrompt(), LONGEST_PROMPT),
          edit -> text("target", edit.getTarget(), LONGEST_TARGET),
          edit -> optionalText("subject", edit.getSubject(), LONGEST_PROMPT),
          edit -> optionalText("groundTruth", edit.getGroundTruth(), LONGEST_TARGET),
          EditValidator::rephrasings,
          edit -> probes("locality", edit.getLocality()),
          edit -> probes("portability", edit.getPortability()),
          EditValidator::dataSubject,
          EditValidator::base,
          edit -> RequestRules.expectedVersion(edit.getExpectedVersion()));

  private final RequestRules requestRules;

  public EditValidator(TenantRule tenantRule) {
    this.requestRules = new RequestRules(tenantRule, "edit id", "edit-topics");
  }

  /** The first rule that is broken. */
  public Optional<Refusal> broken(EditSubmission submission, RequestSource source) {
    return requestRules.broken(UncheckedRequest.of(submission, source), RULES, submission);
  }

  private static Optional<Refusal> text(String field, String text, int most) {
    if (text.isBlank()) {
      return RequestRules.invalid("%s is empty: say what it is".formatted(field));
    }
    return text.length() <= most
        ? Optional.empty()
        : RequestRules.invalid(
            "%s has %d characters: use at most %d".formatted(field, text.length(), most));
  }

  private static Optional<Refusal> optionalText(String field, @Nullable String text, int most) {
    return text == null ? Optional.empty() : text(field, text, most);
  }

  private static Optional<Refusal> rephrasings(EditSubmission edit) {
    List<String> rephrasings = edit.getRephrasings();
    return count("rephrasings", rephrasings.size())
        .or(
            () ->
                rephrasings.stream()
                    .map(text -> text("a rephrasing", text, LONGEST_PROMPT))
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  private static Optional<Refusal> probes(String field, List<EditProbe> probes) {
    return count(field, probes.size())
        .or(() -> probes.stream().flatMap(probe -> broken(field, probe)).findFirst());
  }

  private static Stream<Refusal> broken(String field, EditProbe probe) {
    return text("a prompt of " + field, probe.getPrompt(), LONGEST_PROMPT)
        .or(() -> optionalText("an answer of " + field, probe.getAnswer(), LONGEST_TARGET))
        .stream();
  }

  private static Optional<Refusal> count(String field, int count) {
    return count <= MOST_PROBES
        ? Optional.empty()
        : RequestRules.invalid(
            "%s has %d entries: use at most %d".formatted(field, count, MOST_PROBES));
  }

  private static Optional<Refusal> dataSubject(EditSubmission edit) {
    String subject = edit.getDataSubject();
    return subject == null ? Optional.empty() : RequestRules.id("dataSubject", subject);
  }

  private static Optional<Refusal> base(EditSubmission edit) {
    String base = edit.getBaseDigest();
    return base == null ? Optional.empty() : RequestRules.digest("baseDigest", base);
  }
}
