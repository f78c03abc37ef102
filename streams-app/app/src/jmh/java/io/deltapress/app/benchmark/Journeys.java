package io.deltapress.app.benchmark;

import io.deltapress.app.cli.client.Entry;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.RequestKind;
import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.app.cli.client.TopicReader;
import io.deltapress.app.cli.client.TopicWriter;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.StageTime;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows edits through the topics. Everything runs on one machine, so that times of different
 * processes compare; those in records have a resolution of a millisecond.
 */
final class Journeys implements AutoCloseable {
  private static final double NANOS_PER_MILLI = 1e6;

  private final TopicReader<RegistryEvent> events;
  private final TopicReader<Rejection> rejections;
  private final TopicReader<WorkTask> tasks;
  private final TopicReader<WorkResult> results;
  private final TopicReader<ModelHead> heads;

  Journeys(PipelineClient client) {
    this.events = client.open(Topics.REGISTRY_EVENTS).fromEnd();
    this.rejections = client.open(Topics.REJECTIONS).fromEnd();
    this.tasks = client.open(Topics.WORK_EDIT).fromEnd();
    this.results = client.open(Topics.WORK_RESULTS).fromEnd();
    this.heads = client.open(Topics.SERVING_HEADS).fromEnd();
  }

  /** What was told of many edits. */
  record Ends(int applied, int rejected, int versions) {}

  /** Sends an edit and asks the host until it answers so. */
  Journey follow(
      EditSubmission edit, TopicWriter<EditSubmission> writer, ModelHost host, boolean cold)
      throws IOException, InterruptedException {
    ModelKey model = new ModelKey(edit.getTenant(), edit.getModel());
    int version = host.versionOf(model) + 1;
    long sentMillis = System.currentTimeMillis();
    long sent = System.nanoTime();
    writer.send(model.toString(), edit);
    long acknowledged = System.nanoTime();
    ModelHost.Built built = host.await(model, version);
    long loading = System.nanoTime();
    host.load(built);
    long loaded = System.nanoTime();
    String answer = host.answer(edit.getPrompt());
    long answered = System.nanoTime();
    if (!answer.startsWith(edit.getTarget())) {
      throw new IllegalStateException(
          "version %d answers %s and not %s".formatted(version, answer, edit.getTarget()));
    }
    Map<String, Double> stages = new LinkedHashMap<>();
    stages.put("publish", (acknowledged - sent) / NANOS_PER_MILLI);
    pipeline(edit, sentMillis + (acknowledged - sent) / NANOS_PER_MILLI, built, stages);
    stages.put("put on", (loaded - loading) / NANOS_PER_MILLI);
    stages.put("answer", (answered - loaded) / NANOS_PER_MILLI);
    return new Journey(cold, stages, (answered - sent) / NANOS_PER_MILLI);
  }

  private void pipeline(
      EditSubmission edit, double acknowledged, ModelHost.Built built, Map<String, Double> stages) {
    WorkTask task = null;
    while (task == null) {
      for (Entry<WorkTask> entry : tasks.poll()) {
        task = isOf(entry.value(), edit) ? entry.value() : task;
      }
    }
    WorkResult result = null;
    while (result == null) {
      for (Entry<WorkResult> entry : results.poll()) {
        boolean answers = entry.value().getTaskId().equals(task.getTaskId());
        result = answers ? entry.value() : result;
      }
    }
    double head = headMovedAt(edit, built.version().version());
    EditsRun run = result.getEditsRun();
    double finished = result.getFinishedAt().toEpochMilli();
    double started = finished - 1000 * run.getSeconds();
    double issued = task.getIssuedAt().toEpochMilli();
    double fetching = built.version().fetching().toNanos() / NANOS_PER_MILLI;
    double building = built.version().building().toNanos() / NANOS_PER_MILLI;
    stages.put("intake", issued - acknowledged);
    stages.put("lane", started - issued);
    for (StageTime stage : run.getStages()) {
      stages.put("worker: " + stage.getStage(), stage.getMilliseconds());
    }
    stages.put("version", head - finished);
    stages.put("follow", built.atMillis() - head - fetching - building);
    stages.put("fetch", fetching);
    stages.put("build", building);
  }

  private static boolean isOf(WorkTask task, EditSubmission edit) {
    return task.getRunEdits() != null
        && task.getRunEdits().getEdits().stream()
            .anyMatch(each -> each.getEditId().equals(edit.getEditId()));
  }

  private double headMovedAt(EditSubmission edit, int version) {
    while (true) {
      for (Entry<ModelHead> entry : heads.poll()) {
        if (entry.key().equals(edit.getTenant() + "/" + edit.getModel())
            && entry.value().getVersion() == version) {
          return entry.writtenAt().toEpochMilli();
        }
      }
    }
  }

  /** Waits until every edit has ended and the last version of the model is built. */
  Ends awaitAll(List<EditSubmission> edits, ModelHost host) throws InterruptedException {
    Set<String> open = new HashSet<>();
    edits.forEach(edit -> open.add(edit.getEditId()));
    Set<Integer> versions = new HashSet<>();
    int applied = 0;
    int rejected = 0;
    while (!open.isEmpty()) {
      for (Entry<RegistryEvent> entry : events.poll()) {
        Optional<SubmissionOutcome> end = RequestKind.EDIT.endToldBy(entry.value());
        if (end.isPresent() && open.remove(entry.value().getSubmissionId())) {
          applied++;
          versions.add(entry.value().getVersion());
        }
      }
      for (Entry<Rejection> entry : rejections.poll()) {
        rejected += open.remove(entry.value().getSubmissionId()) ? 1 : 0;
      }
    }
    EditSubmission any = edits.get(0);
    int last = versions.stream().mapToInt(Integer::intValue).max().orElse(0);
    host.await(new ModelKey(any.getTenant(), any.getModel()), last);
    return new Ends(applied, rejected, versions.size());
  }

  @Override
  public void close() {
    events.close();
    rejections.close();
    tasks.close();
    results.close();
    heads.close();
  }
}
