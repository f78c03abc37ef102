package io.deltapress.app.cli.demo;

import io.deltapress.app.cli.client.Entry;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.RequestKind;
import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.app.cli.client.SubmissionWatch;
import io.deltapress.app.cli.client.TopicReader;
import io.deltapress.app.cli.client.TopicWriter;
import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import io.deltapress.schemas.topic.VersionKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes the reference models through a running stack, measures what came of them, edits one. */
public final class Demo {
  private final Path reference;
  private final ReferenceModels models;
  private final DemoStack stack;
  private final DemoWatcher watcher;
  private final PipelineClient client;
  private final DemoRequests requests;
  private final Map<ModelKey, Long> submittedNanos = new HashMap<>();

  /**
   * @param reference directory of the reference models
   * @param stack running; stays the caller's
   */
  public Demo(Path reference, DemoStack stack, DemoWatcher watcher) throws IOException {
    this.reference = reference;
    this.models = ReferenceModels.read(reference);
    this.stack = stack;
    this.watcher = watcher;
    this.client = new PipelineClient(stack.connection());
    this.requests = new DemoRequests(reference);
  }

  /** Takes every fine-tune from its submission to a served, measured model. */
  public List<DemoRow> compress() throws IOException {
    List<DemoDelta> deltas = DemoDelta.allOf(models);
    setPolicies(deltas);
    String base = registerBase();
    submitAll(deltas, base);
    awaitServed(deltas);
    return measure(deltas);
  }

  /** Edits one of the served models and takes the edit back. */
  public DemoEdit edit() throws IOException {
    DemoDelta edited = DemoDelta.gated(DemoDelta.allOf(models)).get(0);
    return new EditStory(stack, watcher, client, edited.model(), requests.edits(edited)).run();
  }

  private void setPolicies(List<DemoDelta> deltas) throws IOException {
    for (DemoDelta delta : DemoDelta.gated(deltas)) {
      Policy policy = requests.policy(delta);
      client.send(Topics.POLICIES, policy.getScope(), policy);
      watcher.say(
          "policy of %s: down from p %s until it loses no more than %s points"
              .formatted(
                  policy.getScope(),
                  policy.getPruneRates().get(0),
                  Math.round(100 * policy.getLargestDrop())));
    }
  }

  private String registerBase() throws IOException {
    BaseRegistration base = requests.base(models.base());
    try (TopicReader<BaseRegistration> bases = client.open(Topics.BASES).fromEnd()) {
      client.send(Topics.BASES, base.getWeightsDigest(), base);
      watcher.say("base " + base.getName() + " registered");
      while (true) {
        check();
        for (Entry<BaseRegistration> entry : bases.poll()) {
          if (entry.value().getStatus() == BaseStatus.USABLE) {
            watcher.say("base " + base.getName() + " checked by a worker");
            return entry.key();
          }
          if (entry.value().getStatus() == BaseStatus.REFUSED) {
            throw new DemoException("the base was refused: " + entry.value().getRefusal());
          }
        }
      }
    }
  }

  private void submitAll(List<DemoDelta> deltas, String base) throws IOException {
    Map<String, ModelKey> waiting = new HashMap<>();
    try (SubmissionWatch watch = new SubmissionWatch(client, RequestKind.DELTA);
        TopicWriter<DeltaSubmission> submissions = client.writer(Topics.DELTAS_SUBMITTED)) {
      for (DemoDelta delta : deltas) {
        DeltaSubmission submission = requests.delta(delta, base);
        submittedNanos.put(delta.model(), System.nanoTime());
        submissions.send(delta.model().toString(), submission);
        waiting.put(submission.getSubmissionId(), delta.model());
      }
      watcher.say(deltas.size() + " deltas submitted");
      while (!waiting.isEmpty()) {
        check();
        watch.poll(event -> show(event, waiting), (id, outcome) -> end(id, outcome, waiting));
      }
    }
  }

  private void show(RegistryEvent event, Map<String, ModelKey> waiting) {
    boolean told = event.getType().equals(EventTypes.VERSION_PUBLISHED) || event.getRung() != null;
    if (told && waiting.containsKey(event.getSubmissionId())) {
      watcher.say("%s/%s: %s".formatted(event.getTenant(), event.getModel(), event.getMessage()));
    }
  }

  private static void end(String id, SubmissionOutcome outcome, Map<String, ModelKey> waiting) {
    ModelKey model = waiting.remove(id);
    if (model != null && outcome instanceof SubmissionOutcome.Rejected rejected) {
      throw new DemoException(model + " was rejected: " + rejected.message());
    }
    if (model != null && outcome instanceof SubmissionOutcome.DeadLettered dead) {
      throw new DemoException(model + " became a dead letter: " + dead.message());
    }
  }

  private void awaitServed(List<DemoDelta> deltas) {
    List<ModelKey> missing = new ArrayList<>(deltas.stream().map(DemoDelta::model).toList());
    while (!missing.isEmpty()) {
      check();
      missing.forEach(stack.served()::requireNoFailure);
      missing.removeIf(model -> stack.served().of(model).isPresent());
      if (!missing.isEmpty()) {
        stack.served().awaitNews();
      }
    }
    watcher.say("the follower serves " + deltas.size() + " models");
  }

  private List<DemoRow> measure(List<DemoDelta> deltas) throws IOException {
    Map<String, ModelVersion> versions = client.latest(Topics.SERVING_VERSIONS);
    Scores scores = new Scores(watcher);
    List<DemoRow> rows = new ArrayList<>();
    for (DemoDelta delta : deltas) {
      check();
      rows.add(row(delta, versions, scores));
    }
    watcher.say("base, fine-tunes and served models measured");
    return rows;
  }

  private DemoRow row(DemoDelta delta, Map<String, ModelVersion> versions, Scores scores)
      throws IOException {
    ServedModels.Served served = stack.served().of(delta.model()).orElseThrow();
    int number = served.version().version();
    ModelVersion version = versions.get(new VersionKey(delta.model(), number).toString());
    if (version == null || version.getArtifact() == null) {
      throw new DemoException("%s has no artifact in version %d".formatted(delta.model(), number));
    }
    ArtifactManifest artifact = version.getArtifact();
    Path task = reference.resolve(delta.source().task());
    return new DemoRow(
        delta.model().toString(),
        delta.methodName(),
        artifact.getPruneRate(),
        artifact.getRescale(),
        scores.of(reference.resolve(models.base().directory()), task),
        scores.of(reference.resolve(delta.source().directory()), task),
        scores.of(served.version().checkpoint(), task),
        artifact.getDenseBytes(),
        artifact.getTotalBytes(),
        (double) artifact.getDenseBytes() / artifact.getTotalBytes(),
        (served.atNanos() - submittedNanos.get(delta.model())) / 1e9);
  }

  private void check() {
    watcher.check();
    stack.check();
  }
}
