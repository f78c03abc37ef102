package io.deltapress.app.cli;

import io.deltapress.app.cli.client.EditRecords;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.RequestKind;
import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.app.cli.client.SubmissionWatch;
import io.deltapress.app.cli.client.TopicWriter;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditRequestFile;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code submit edit}: asks for other answers. */
@Command(
    name = "edit",
    description =
        "Ask for a model to answer a prompt otherwise; the edit is served with its next version.",
    sortOptions = false)
final class SubmitEditCommand extends ClientCommand {
  @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "Whose it is.")
  private String tenant;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      required = true,
      description = "What the tenant serves it as.")
  private String model;

  @Mixin private EditFlags flags;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "One or many requests instead: a JSON array or JSON lines, with EasyEdit's flat fields or"
              + " ROME's templates.")
  private @Nullable Path file;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Identity of the edit; a repeated one is dropped. Default: a new one.")
  private @Nullable String id;

  @Option(
      names = "--data-subject",
      paramLabel = "ID",
      description = "The person whose data it holds, opaque: deltapress erase finds it by that.")
  private @Nullable String dataSubject;

  @Option(
      names = "--base",
      paramLabel = "NAME|DIGEST",
      description =
          "The registered base to edit where the model has no version yet. Default: edit the head.")
  private @Nullable String base;

  @Option(
      names = "--expected-version",
      paramLabel = "N",
      description = "Only if this is the head. Default: whatever the head is.")
  private @Nullable Integer expectedVersion;

  @Option(names = "--wait", description = "Follow it to its end; the exit code tells how it ended.")
  private boolean wait;

  @Mixin private RequesterOption requester;

  SubmitEditCommand(Shell shell) {
    super(shell);
  }

  @Override
  void checkArguments() {
    Models.parse(tenant + "/" + model);
    if (file == null) {
      flags.request("unnamed");
    } else if (flags.given() || id != null) {
      throw new UsageException(
          "--file and the flags of one request exclude each other: the file says all");
    }
  }

  @Override
  void run(PipelineClient client) throws IOException {
    ModelKey key = new ModelKey(tenant, model);
    String baseDigest = base == null ? null : Digests.digestOf(client, base);
    List<EditSubmission> edits =
        requests().stream()
            .map(
                request ->
                    EditRecords.of(request, key, requester.name())
                        .setDataSubject(dataSubject)
                        .setBaseDigest(baseDigest)
                        .setExpectedVersion(expectedVersion)
                        .build())
            .toList();
    try (SubmissionWatch watch = new SubmissionWatch(client, RequestKind.EDIT)) {
      send(client, edits);
      if (!wait) {
        print(EditsDocument.of(key, edits, Map.of(), Map.of()));
        return;
      }
      List<String> ids = edits.stream().map(EditSubmission::getEditId).toList();
      shell().note("submitted as " + String.join(", ", ids) + " (Ctrl-C stops waiting)");
      SubmissionProgress progress = new SubmissionProgress(shell(), ids);
      Map<String, SubmissionOutcome> ended = progress.await(watch);
      print(EditsDocument.of(key, edits, ended, progress.edits()));
      for (String each : ids) {
        SubmissionEnd.check("edit " + each, ended.get(each));
      }
    }
  }

  private List<EditRequest> requests() throws IOException {
    return file == null
        ? List.of(flags.request(id != null ? id : newId()))
        : EditRequestFile.read(file, number -> newId());
  }

  private static String newId() {
    return UUID.randomUUID().toString();
  }

  private static void send(PipelineClient client, List<EditSubmission> edits) {
    try (TopicWriter<EditSubmission> writer = client.writer(Topics.EDITS_REQUESTED)) {
      for (EditSubmission edit : edits) {
        writer.send(edit.getTenant() + "/" + edit.getModel(), edit);
      }
    }
  }

  private void print(EditsDocument document) {
    json().print(shell(), document, document.text());
  }
}
