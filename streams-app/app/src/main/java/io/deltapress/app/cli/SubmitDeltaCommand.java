package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.RequestKind;
import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.app.cli.client.SubmissionWatch;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code submit delta}: asks for a fine-tune to be compressed and served. */
@Command(
    name = "delta",
    description = "Ask for a fine-tune to be compressed and served as its model's next version.",
    sortOptions = false)
final class SubmitDeltaCommand extends ClientCommand {
  private static final List<String> LEFT_TO_POLICY =
      List.of("--method", "--prune-rate", "--rescale", "--values");

  @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose it is.")
  private String tenant;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      required = true,
      description = "What the tenant serves it as.")
  private String model;

  @Option(
      names = "--base",
      paramLabel = "NAME|DIGEST",
      required = true,
      description = "The registered base that was fine-tuned.")
  private String base;

  @Option(
      names = "--fine-tuned",
      paramLabel = "PATH",
      required = true,
      description = "The fine-tune: a safetensors file or a Hugging Face directory.")
  private Path fineTuned;

  @Option(
      names = "--location",
      paramLabel = "PATH",
      description = "Where workers find it. Default: the absolute path here.")
  private @Nullable String location;

  @Mixin private CompressionFlags compression;

  @Option(
      names = "--policy",
      description = "Leave method, prune rate, q and values to the policy that covers the model.")
  private boolean policy;

  @Spec private CommandSpec spec;

  @Option(
      names = "--expected-version",
      paramLabel = "N",
      description = "Only if this is the head; 0 means no head yet. Default: whatever the head is.")
  private @Nullable Integer expectedVersion;

  @Option(
      names = "--submission-id",
      paramLabel = "ID",
      description = "Identity of the request; a repeated one is dropped. Default: a new one.")
  private @Nullable String submissionId;

  @Option(names = "--wait", description = "Follow it to its end; the exit code tells how it ended.")
  private boolean wait;

  @Mixin private RequesterOption requester;

  SubmitDeltaCommand(Shell shell) {
    super(shell);
  }

  @Override
  void checkArguments() {
    compression.checkForSubmission();
    if (policy) {
      requireNoSettings();
    }
    try {
      new ModelKey(tenant, model);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private void requireNoSettings() {
    ParseResult given = spec.commandLine().getParseResult();
    for (String option : LEFT_TO_POLICY) {
      if (given.hasMatchedOption(option)) {
        throw new UsageException(
            option + " and --policy exclude each other: the policy says how to compress");
      }
    }
  }

  @Override
  void run(PipelineClient client) throws IOException {
    String baseDigest = Digests.digestOf(client, base);
    DeltaSubmission submission = submission(baseDigest);
    String key = new ModelKey(tenant, model).toString();
    if (!wait) {
      client.send(Topics.DELTAS_SUBMITTED, key, submission);
      print(SubmissionDocument.of(submission));
      return;
    }
    try (SubmissionWatch watch = new SubmissionWatch(client, RequestKind.DELTA)) {
      client.send(Topics.DELTAS_SUBMITTED, key, submission);
      shell().note("submitted as " + submission.getSubmissionId() + " (Ctrl-C stops waiting)");
      String id = submission.getSubmissionId();
      SubmissionOutcome outcome = new SubmissionProgress(shell(), List.of(id)).await(watch).get(id);
      print(SubmissionDocument.of(submission).with(outcome));
      SubmissionEnd.check("submission " + id, outcome);
    }
  }

  private void print(SubmissionDocument document) {
    json().print(shell(), document, document.text());
  }

  private DeltaSubmission submission(String baseDigest) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(fineTuned)) {
      DeltaSubmission.Builder builder =
          DeltaSubmission.newBuilder()
              .setSubmissionId(submissionId != null ? submissionId : UUID.randomUUID().toString())
              .setTenant(tenant)
              .setModel(model)
              .setBaseDigest(baseDigest)
              .setFineTunedLocation(location != null ? location : fineTuned.toRealPath().toString())
              .setFineTunedDigest(new Weights(shell()).digest("fine-tune", checkpoint).hex())
              .setExpectedVersion(expectedVersion)
              .setUsePolicy(policy)
              .setRequestedBy(requester.name())
              .setSubmittedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS));
      return WireCompression.into(builder, compression).build();
    }
  }
}
