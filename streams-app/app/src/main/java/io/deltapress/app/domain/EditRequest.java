package io.deltapress.app.domain;

import io.deltapress.schemas.EditProbe;
import io.deltapress.schemas.EditSubmission;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An edit that was found valid. Its texts are a person's words: they go into tasks and into the
 * ledger and nowhere else.
 *
 * @param dataSubject whose data it holds; null for nobody
 * @param baseDigest the base to edit where the model has no version; null edits the head
 * @param expectedVersion the head the requester believes in; null if they do not care
 */
public record EditRequest(
    String submissionId,
    String tenant,
    String model,
    String prompt,
    String target,
    @Nullable String subject,
    @Nullable String groundTruth,
    List<String> rephrasings,
    List<Probe> locality,
    List<Probe> portability,
    @Nullable String dataSubject,
    @Nullable String baseDigest,
    @Nullable Integer expectedVersion,
    String requestedBy,
    Instant submittedAt,
    RequestSource source)
    implements ModelRequest {

  /** Copies the lists, so that the request is immutable. */
  public EditRequest {
    rephrasings = List.copyOf(rephrasings);
    locality = List.copyOf(locality);
    portability = List.copyOf(portability);
  }

  /** A question and its answer; null for whatever the model says. */
  public record Probe(String prompt, @Nullable String answer) {
    static Probe of(EditProbe probe) {
      return new Probe(probe.getPrompt(), probe.getAnswer());
    }

    private EditProbe toRecord() {
      return new EditProbe(prompt, answer);
    }

    private int characters() {
      return prompt.length() + (answer == null ? 0 : answer.length());
    }
  }

  static EditRequest of(EditSubmission submission, RequestSource source) {
    return new EditRequest(
        submission.getEditId(),
        submission.getTenant(),
        submission.getModel(),
        submission.getPrompt(),
        submission.getTarget(),
        submission.getSubject(),
        submission.getGroundTruth(),
        submission.getRephrasings(),
        submission.getLocality().stream().map(Probe::of).toList(),
        submission.getPortability().stream().map(Probe::of).toList(),
        submission.getDataSubject(),
        submission.getBaseDigest(),
        submission.getExpectedVersion(),
        submission.getRequestedBy(),
        submission.getSubmittedAt(),
        source);
  }

  /** The request as a worker computes it. */
  EditSubmission toRecord() {
    return withoutProbes()
        .setRephrasings(rephrasings)
        .setLocality(locality.stream().map(Probe::toRecord).toList())
        .setPortability(portability.stream().map(Probe::toRecord).toList())
        .build();
  }

  /**
   * The request as a worker looks whether it still holds: without its probes, for it is one of
   * many.
   */
  EditSubmission toStanding() {
    return withoutProbes().build();
  }

  private EditSubmission.Builder withoutProbes() {
    return EditSubmission.newBuilder()
        .setEditId(submissionId)
        .setTenant(tenant)
        .setModel(model)
        .setPrompt(prompt)
        .setTarget(target)
        .setSubject(subject)
        .setGroundTruth(groundTruth)
        .setDataSubject(dataSubject)
        .setBaseDigest(baseDigest)
        .setExpectedVersion(expectedVersion)
        .setRequestedBy(requestedBy)
        .setSubmittedAt(submittedAt);
  }

  /** What two edits share that cannot both hold: the prompt, however its spaces are set. */
  String promptKey() {
    return prompt.strip().replaceAll("\\s+", " ");
  }

  /** How much text it brings into a task. */
  int characters() {
    return prompt.length()
        + target.length()
        + rephrasings.stream().mapToInt(String::length).sum()
        + Stream.concat(locality.stream(), portability.stream()).mapToInt(Probe::characters).sum();
  }
}
