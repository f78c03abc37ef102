package io.deltapress.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltapress.schemas.Chunk;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.WorkTask;
import io.deltapress.schemas.topic.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Edits on real processes, with the real model that ships: whatever dies on the way, every accepted
 * batch is one version, the order stays, nothing is lost, and what cannot be done is turned down
 * with a reason. Every scenario edits a model of its own.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class EditScenarios {
  private static final Pattern HOME =
      Pattern.compile("\\{\"prompt\":\"(.+ lives in)\",\"answer\":\"(.+)\"}");
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final Path directory;
  private final Distribution distribution;
  private final Pipeline pipeline;
  private final Requests requests;
  private final List<Fact> facts = new ArrayList<>();
  private String base;

  /** Something the base knows. */
  private record Fact(String prompt, String answer) {}

  EditScenarios(ProductUnderTest product) {
    this.directory = product.directory();
    this.distribution = product.distribution();
    this.pipeline = product.pipeline();
    this.requests = product.requests();
  }

  @BeforeAll
  void registerBase() throws IOException {
    Path weights = distribution.copyReference("base", pipeline.weights().resolve("edited-base"));
    Path tasks =
        distribution.copyReference("tasks/base-seen.jsonl", directory.resolve("seen.jsonl"));
    for (String line : Files.readAllLines(tasks)) {
      Matcher home = HOME.matcher(line);
      if (home.matches()) {
        facts.add(new Fact(home.group(1), home.group(2)));
      }
    }
    requests.allowEdits();
    base = requests.registerBase(weights, "small-world");
    pipeline.awaitUsable(base);
  }

  /** An edit by which somebody of the base's facts moves to another city. */
  private EditSubmission.Builder move(String model, int fact) {
    return requests
        .edit(model, model + "-" + fact, facts.get(fact).prompt(), otherCity(fact))
        .setBaseDigest(base);
  }

  private String otherCity(int fact) {
    return facts.stream()
        .map(Fact::answer)
        .filter(city -> !city.equals(facts.get(fact).answer()))
        .skip(fact)
        .findFirst()
        .orElseThrow();
  }

  private List<String> submit(String model, int... moved) {
    List<String> ids = new ArrayList<>();
    for (int fact : moved) {
      EditSubmission edit = move(model, fact).build();
      requests.submit(edit);
      ids.add(edit.getEditId());
    }
    return ids;
  }

  @Test
  void shouldApplyEveryEditOnceWhenWorkerIsKilledDuringABatch() {
    // Given
    List<String> edits = submit("edits-worker-killed", 0, 1, 2, 3, 4, 5);
    pipeline.awaitEditTask("edits-worker-killed");

    // When
    pipeline.killWorker();
    pipeline.startWorker();

    // Then
    assertEachIsLiveOnce("edits-worker-killed", edits);
  }

  @Test
  void shouldPublishOnceWhenTopologyIsKilledBetweenEditAndVersion() {
    // Given
    List<String> edits = submit("edits-topology-killed", 6, 7);
    WorkTask task = pipeline.awaitEditTask("edits-topology-killed");

    // When
    pipeline.killTopology();
    pipeline.awaitResult(task.getTaskId());
    pipeline.startTopology();

    // Then
    assertEachIsLiveOnce("edits-topology-killed", edits);
  }

  @Test
  void shouldGoOnWhereItWasWhenEverythingIsReplayedFromAnEmptyStateDirectory() {
    // Given
    List<String> edits = new ArrayList<>();
    for (int from = 10; from < 22; from += 3) {
      edits.addAll(submit("replayed", from, from + 1, from + 2));
      awaitLive("replayed", edits);
    }
    ModelVersion before = head("replayed");

    // When
    pipeline.killTopologyAndItsDisk();
    pipeline.startTopology();
    submit("replayed", 10);
    edits.addAll(submit("replayed", 22));

    // Then
    ModelVersion after = assertEachIsLiveOnce("replayed", edits);
    assertThat(after.getVersion()).isEqualTo(before.getVersion() + 1);
    assertThat(after.getEdits().subList(0, before.getEdits().size())).isEqualTo(before.getEdits());
  }

  @Test
  void shouldServeTheLaterOfTwoEditsThatContradictEachOther() {
    // Given
    Fact fact = facts.get(30);
    EditSubmission early = move("contradicting", 30).setEditId("early").build();
    EditSubmission late =
        move("contradicting", 30).setEditId("late").setTarget(otherCity(31)).build();

    // When
    requests.submit(early);
    requests.submit(late);

    // Then
    awaitLive("contradicting", List.of("late"));
    assertServed("contradicting", new Fact(fact.prompt(), late.getTarget()));
    assertThat(pipeline.versionsOfModel("contradicting"))
        .allSatisfy(version -> assertThat(ids(version)).doesNotContainSequence("early", "late"));
  }

  @Test
  void shouldTurnDownWhatCannotBeDoneWithAReasonAndApplyTheRest() {
    // Given
    EditSubmission endless =
        move("turned-down", 40)
            .setEditId("endless")
            .setPrompt(facts.get(40).prompt().repeat(100))
            .build();
    EditSubmission known =
        move("turned-down", 41).setEditId("known").setTarget(facts.get(41).answer()).build();

    // When
    requests.submit(endless);
    requests.submit(known);
    requests.poison(
        Topics.EDITS_REQUESTED, "acme/turned-down", "not avro".getBytes(StandardCharsets.UTF_8));
    List<String> edits = submit("turned-down", 42);

    // Then
    Rejection rejection = pipeline.awaitRejection("endless");
    assertThat(rejection.getReasonCode()).isEqualTo("EDIT_REFUSED");
    assertThat(rejection.getMessage())
        .contains("tokens, the model takes")
        .doesNotContain(facts.get(40).prompt());
    pipeline.awaitEvent("known", EventTypes.EDIT_ALREADY_TRUE);
    assertThat(ids(assertEachIsLiveOnce("turned-down", edits))).doesNotContain("known", "endless");
    eventually(
        () ->
            assertThat(pipeline.topics().readAll(Topics.DEAD_LETTERS))
                .extracting(ConsumerRecord::value)
                .filteredOn(letter -> letter.getReasonCode().equals("UNDECODABLE_RECORD"))
                .extracting(DeadLetter::getInputTopic)
                .contains("deltapress.edits.requested"));
  }

  @Test
  void shouldServeWhatTheTrainedEditorOfAPolicyMakes() {
    // Given
    Path editor =
        distribution.copyReference("editor", pipeline.weights().resolve("trained-editor"));
    requests.allowEdits("trained", editor.toString());

    // When
    List<String> edits = submit("trained", 80);

    // Then
    ModelVersion head = assertEachIsLiveOnce("trained", edits);
    assertThat(head.getEdits()).extracting(EditEntry::getMethod).containsExactly("mend");
    assertServed("trained", new Fact(facts.get(80).prompt(), otherCity(80)));
  }

  @Test
  void shouldServeWhatTheUsualEditorMakesOfABatch() {
    // Given
    requests.allowEdits("usual", "whitened");

    // When
    List<String> edits = submit("usual", 90, 91, 92);

    // Then
    ModelVersion head = assertEachIsLiveOnce("usual", edits);
    assertThat(head.getEdits())
        .extracting(EditEntry::getMethod)
        .containsExactly("whitened", "whitened", "whitened");
    assertServed(
        "usual",
        new Fact(facts.get(90).prompt(), otherCity(90)),
        new Fact(facts.get(91).prompt(), otherCity(91)),
        new Fact(facts.get(92).prompt(), otherCity(92)));
  }

  @Test
  void shouldServeTheOtherEditsWhenOneInTheMiddleIsReverted() {
    // Given
    List<String> edits = submit("reverted", 50, 51, 52);
    ModelVersion before = assertEachIsLiveOnce("reverted", edits);

    // When
    requests.revert("reverted", "revert-middle", edits.get(1));

    // Then
    pipeline.awaitEvent("revert-middle", EventTypes.CONTROL_DONE);
    ModelVersion after = pipeline.awaitVersion("revert-middle");
    assertThat(after.getEdits())
        .containsExactly(before.getEdits().get(0), before.getEdits().get(2));
    assertThat(after.getCause().getKind()).isEqualTo("revert");
    assertServed(
        "reverted",
        new Fact(facts.get(50).prompt(), otherCity(50)),
        facts.get(51),
        new Fact(facts.get(52).prompt(), otherCity(52)));
  }

  @Test
  void shouldServeTheSameAnswersWhenEditsAreComputedAnewTogether() {
    // Given
    requests.allowEdits("refitted", "whitened");
    List<String> edits = new ArrayList<>();
    for (int fact : List.of(100, 101)) {
      edits.addAll(submit("refitted", fact));
      awaitLive("refitted", edits);
    }
    ModelVersion before = head("refitted");

    // When
    requests.refit("refitted", "refit-them");

    // Then
    pipeline.awaitEvent("refit-them", EventTypes.CONTROL_DONE);
    ModelVersion after = pipeline.awaitVersion("refit-them");
    assertThat(after.getCause().getKind()).isEqualTo("refit");
    assertThat(ids(after)).isEqualTo(edits);
    assertThat(after.getEdits().get(1)).isNotEqualTo(before.getEdits().get(1));
    assertServed(
        "refitted",
        new Fact(facts.get(100).prompt(), otherCity(100)),
        new Fact(facts.get(101).prompt(), otherCity(101)));
  }

  @Test
  void shouldReplayEditsOnADeltaThatArrivesWhileABatchIsInFlight() {
    // Given
    List<String> first = submit("delta-arrives", 60, 61);
    awaitLive("delta-arrives", first);
    Path fineTuned =
        distribution.copyReference("facts-small", pipeline.weights().resolve("facts-small"));
    DeltaSubmission delta =
        requests.delta("delta-arrives", base, fineTuned).setPruneRate(0.0).build();

    // When
    List<String> second = submit("delta-arrives", 62, 63);
    requests.submit(delta);

    // Then
    ModelVersion version = pipeline.awaitVersion(delta.getSubmissionId());
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    await().atMost(PATIENCE).pollInterval(LOOK).until(() -> all.stream().allMatch(this::hasEnded));
    assertThat(version.getArtifact()).isNotNull();
    eventually(
        () -> {
          ModelVersion head = head("delta-arrives");
          assertThat(head.getArtifact()).isEqualTo(version.getArtifact());
          for (String edit : all) {
            List<String> told = types(edit);
            assertThat(told)
                .as("what became of %s", edit)
                .containsAnyOf(EventTypes.EDIT_KEPT, EventTypes.EDIT_LOST, EventTypes.EDIT_APPLIED);
            boolean lost = told.contains(EventTypes.EDIT_LOST);
            assertThat(ids(head).contains(edit))
                .as("%s, told of: %s", edit, told)
                .isNotEqualTo(lost);
          }
        });
  }

  /** What one transaction wrote to several partitions is not there for readers all at once. */
  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(PATIENCE).pollInterval(LOOK).untilAsserted(assertion);
  }

  private boolean hasEnded(String edit) {
    return types(edit).stream().anyMatch(type -> !type.equals(EventTypes.EDIT_ACCEPTED));
  }

  private List<String> types(String request) {
    return pipeline.eventsOf(request).stream().map(RegistryEvent::getType).toList();
  }

  private static List<String> ids(ModelVersion version) {
    return version.getEdits().stream().map(EditEntry::getEditId).toList();
  }

  private ModelVersion head(String model) {
    List<ModelVersion> versions = pipeline.versionsOfModel(model);
    return versions.get(versions.size() - 1);
  }

  private ModelVersion awaitLive(String model, List<String> edits) {
    await("the edits " + edits)
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(
            () ->
                !pipeline.versionsOfModel(model).isEmpty() && ids(head(model)).containsAll(edits));
    return head(model);
  }

  /** In the order of the requests, one version for each batch, and an event for each edit. */
  private ModelVersion assertEachIsLiveOnce(String model, List<String> edits) {
    ModelVersion head = awaitLive(model, edits);
    assertThat(ids(head)).isEqualTo(edits);
    List<ModelVersion> versions = pipeline.versionsOfModel(model);
    assertThat(versions)
        .extracting(ModelVersion::getVersion)
        .isEqualTo(IntStream.rangeClosed(1, versions.size()).boxed().toList());
    assertThat(versions).extracting(EditScenarios::ids).doesNotHaveDuplicates();
    for (String edit : edits) {
      eventually(
          () ->
              assertThat(types(edit))
                  .filteredOn(EventTypes.EDIT_APPLIED::equals)
                  .as("how often %s was applied", edit)
                  .hasSize(1));
    }
    head.getEdits().forEach(this::assertBytesAreThere);
    return head;
  }

  private void assertBytesAreThere(EditEntry entry) {
    Map<Integer, Chunk> chunks = new TreeMap<>();
    for (ConsumerRecord<String, Chunk> found : pipeline.topics().readAll(Topics.SERVING_CHUNKS)) {
      if (found.value().getShardSha256().equals(entry.getArtifact().getSha256())) {
        chunks.put(found.value().getIndex(), found.value());
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Chunk chunk : chunks.values()) {
      byte[] data = new byte[chunk.getData().remaining()];
      chunk.getData().duplicate().get(data);
      bytes.writeBytes(data);
    }
    assertThat(bytes.size()).isEqualTo(entry.getArtifact().getLength());
  }

  /** Asks the copy that the follower serves. */
  private void assertServed(String model, Fact... expected) {
    Path checkpoint = pipeline.awaitServed(head(model));
    StringBuilder tasks = new StringBuilder();
    for (Fact fact : expected) {
      tasks.append(
          "{\"prompt\":\"%s\",\"answer\":\"%s\"}%n".formatted(fact.prompt(), fact.answer()));
    }
    Path file = directory.resolve(model + "-questions.jsonl");
    try {
      Files.writeString(file, tasks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String scored =
        distribution.run(
            directory,
            List.of(
                "evaluate", "--model", checkpoint.toString(), "--task", file.toString(), "--json"));
    assertThat(scored.replaceAll("\\s", "")).contains("\"score\":1.0");
  }
}
