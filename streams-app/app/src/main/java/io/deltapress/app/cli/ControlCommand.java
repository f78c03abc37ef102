package io.deltapress.app.cli;

import io.deltapress.app.cli.client.ModelLookup;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.RequestKind;
import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.app.cli.client.SubmissionWatch;
import io.deltapress.app.cli.client.TopicWriter;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all requests about what is already there have: why, who asks, and what came of it. */
abstract class ControlCommand extends ClientCommand {
  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why, one sentence; it becomes part of the events, so no personal data.")
  private String reason;

  @Option(
      names = "--expected-version",
      paramLabel = "N",
      description = "Only if this is the head. Default: whatever the head is.")
  private @Nullable Integer expectedVersion;

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description = "Identity of the request; a repeated one is dropped. Default: a new one.")
  private @Nullable String requestId;

  @Option(names = "--wait", description = "Follow it to its end; the exit code tells how it ended.")
  private boolean wait;

  @Mixin private RequesterOption requester;

  private final ControlAction action;

  ControlCommand(Shell shell, ControlAction action) {
    super(shell);
    this.action = action;
  }

  /** The requests, without what all of them have. */
  abstract List<ControlRequest.Builder> requests(PipelineClient client) throws IOException;

  /** A request about a model, to be filled in. */
  static ControlRequest.Builder about(ModelKey model) {
    return ControlRequest.newBuilder().setTenant(model.tenant()).setModel(model.model());
  }

  /** Requests that name ids, one for each of their models. */
  static Map<ModelKey, List<String>> byModel(
      PipelineClient client, @Nullable String model, List<String> ids) {
    if (model != null) {
      return Map.of(Models.parse(model), ids);
    }
    ModelLookup lookup = ModelLookup.of(client);
    Map<ModelKey, List<String>> byModel = new LinkedHashMap<>();
    ids.forEach(
        id -> byModel.computeIfAbsent(lookup.modelOf(id), key -> new ArrayList<>()).add(id));
    return byModel;
  }

  @Override
  void checkArguments() {
    if (reason.isBlank()) {
      throw new UsageException("--reason is blank: say why in one sentence");
    }
  }

  @Override
  final void run(PipelineClient client) throws IOException {
    List<ControlRequest> requests = complete(requests(client));
    try (SubmissionWatch watch = new SubmissionWatch(client, RequestKind.CONTROL)) {
      send(client, requests);
      if (!wait) {
        print(ControlDocument.of(requests, Map.of()));
        return;
      }
      List<String> ids = requests.stream().map(ControlRequest::getRequestId).toList();
      shell().note("requested as " + String.join(", ", ids) + " (Ctrl-C stops waiting)");
      Map<String, SubmissionOutcome> ended = new SubmissionProgress(shell(), ids).await(watch);
      print(ControlDocument.of(requests, ended));
      for (String id : ids) {
        if (!isPassable(ended.get(id), ended.values())) {
          SubmissionEnd.check("request " + id, ended.get(id));
        }
      }
    }
  }

  /** Whether a request that was turned down is no failure of the command, beside the others. */
  boolean isPassable(SubmissionOutcome end, Collection<SubmissionOutcome> all) {
    return false;
  }

  private List<ControlRequest> complete(List<ControlRequest.Builder> requests) {
    if (requestId != null && requests.size() > 1) {
      throw new UsageException(
          "--request-id names one request, and these are for %d models: give each its own command"
              .formatted(requests.size()));
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return requests.stream()
        .map(
            request ->
                request
                    .setRequestId(requestId != null ? requestId : UUID.randomUUID().toString())
                    .setAction(action)
                    .setExpectedVersion(expectedVersion)
                    .setReason(reason)
                    .setRequestedBy(requester.name())
                    .setSubmittedAt(now)
                    .build())
        .toList();
  }

  private static void send(PipelineClient client, List<ControlRequest> requests) {
    try (TopicWriter<ControlRequest> writer = client.writer(Topics.VERSIONS_CONTROL)) {
      for (ControlRequest request : requests) {
        writer.send(new ModelKey(request.getTenant(), request.getModel()).toString(), request);
      }
    }
  }

  private void print(ControlDocument document) {
    json().print(shell(), document, document.text());
  }
}
