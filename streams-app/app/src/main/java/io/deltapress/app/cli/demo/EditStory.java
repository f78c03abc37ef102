package io.deltapress.app.cli.demo;

import io.deltapress.app.cli.client.EditRecords;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.RequestKind;
import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.app.cli.client.SubmissionWatch;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditRequestFile;
import io.deltapress.djl.edit.Probe;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A tenant's model answers a fact; an edit is published, and the follower's copy answers the new
 * one; the edit is reverted, and the old answer is back.
 */
final class EditStory {
  private static final double NANOS_PER_MILLI = 1e6;

  private final DemoStack stack;
  private final DemoWatcher watcher;
  private final PipelineClient client;
  private final ModelKey model;
  private final EditRequest request;
  private final List<String> kinds = new ArrayList<>();
  private final List<String> questions = new ArrayList<>();

  /**
   * @param edits a file whose first request the story is about
   */
  EditStory(DemoStack stack, DemoWatcher watcher, PipelineClient client, ModelKey model, Path edits)
      throws IOException {
    this.stack = stack;
    this.watcher = watcher;
    this.client = client;
    this.model = model;
    this.request = EditRequestFile.read(edits, number -> UUID.randomUUID().toString()).get(0);
    ask(DemoAnswer.EDIT, request.prompt());
    request.rephrasings().forEach(question -> ask(DemoAnswer.PARAPHRASE, question));
    request.locality().stream()
        .map(Probe::prompt)
        .forEach(question -> ask(DemoAnswer.NEIGHBOUR, question));
  }

  private void ask(String kind, String question) {
    kinds.add(kind);
    questions.add(question);
  }

  /** A version that the follower has come to serve. */
  private record Step(int version, double milliseconds, List<String> answers) {}

  DemoEdit run() throws IOException {
    List<String> before = answers();
    EditSubmission edit = EditRecords.of(request, model, DemoRequests.REQUESTER).build();
    watcher.say(
        "%s answers \"%s %s\"; an edit asks for %s"
            .formatted(model, request.prompt(), before.get(0), request.target()));
    Step edited = publish(RequestKind.EDIT, edit.getEditId(), () -> send(edit));
    watcher.say(
        "the follower serves version %d, which answers %s"
            .formatted(edited.version(), edited.answers().get(0)));
    ControlRequest revert = revert(edit.getEditId());
    Step reverted = publish(RequestKind.CONTROL, revert.getRequestId(), () -> send(revert));
    watcher.say(
        "the edit is reverted: version %d answers %s"
            .formatted(reverted.version(), reverted.answers().get(0)));
    List<DemoAnswer> answers = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      answers.add(
          new DemoAnswer(
              kinds.get(i),
              questions.get(i),
              before.get(i),
              edited.answers().get(i),
              reverted.answers().get(i)));
    }
    return new DemoEdit(
        model.toString(),
        edit.getEditId(),
        request.target(),
        edited.version(),
        reverted.version(),
        answers,
        edited.milliseconds(),
        reverted.milliseconds());
  }

  private ControlRequest revert(String editId) {
    return ControlRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setTenant(model.tenant())
        .setModel(model.model())
        .setAction(ControlAction.REVERT)
        .setEditIds(List.of(editId))
        .setReason("the demo shows how an edit is taken back")
        .setRequestedBy(DemoRequests.REQUESTER)
        .setSubmittedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  private void send(EditSubmission edit) {
    client.send(Topics.EDITS_REQUESTED, model.toString(), edit);
  }

  private void send(ControlRequest control) {
    client.send(Topics.VERSIONS_CONTROL, model.toString(), control);
  }

  /** Sends a request and waits until the follower serves what came of it. */
  private Step publish(RequestKind kind, String id, Runnable sending) throws IOException {
    try (SubmissionWatch watch = new SubmissionWatch(client, kind)) {
      long sent = System.nanoTime();
      sending.run();
      int version = awaitVersion(id, watch);
      ServedModels.Served served = awaitServed(version);
      return new Step(version, (served.atNanos() - sent) / NANOS_PER_MILLI, answers());
    }
  }

  private int awaitVersion(String id, SubmissionWatch watch) {
    Map<String, SubmissionOutcome> ended = new HashMap<>();
    while (!ended.containsKey(id)) {
      check();
      watch.poll(event -> {}, ended::put);
    }
    SubmissionOutcome outcome = ended.get(id);
    if (outcome instanceof SubmissionOutcome.Published published && published.version() != null) {
      return published.version();
    }
    throw new DemoException(
        "the edit of %s did not become a version: %s".formatted(model, outcome));
  }

  private ServedModels.Served awaitServed(int version) {
    while (true) {
      check();
      stack.served().requireNoFailure(model);
      ServedModels.Served served = stack.served().of(model).orElseThrow();
      if (served.version().version() >= version) {
        return served;
      }
      stack.served().awaitNews();
    }
  }

  private List<String> answers() throws IOException {
    return ServedCopy.answers(stack.served().of(model).orElseThrow().version(), questions);
  }

  private void check() {
    watcher.check();
    stack.check();
  }
}
