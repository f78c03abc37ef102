package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.deltapress.app.storage.FileSystemObjectStore;
import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.djl.edit.EditListener;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.edit.Editor;
import io.deltapress.djl.edit.Editors;
import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ArtifactDigest;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaSurvey;
import io.deltapress.format.artifact.ShardCompressor;
import io.deltapress.format.artifact.ShardPlan;
import io.deltapress.format.artifact.ShardScope;
import io.deltapress.format.artifact.ShardSummary;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.CompressionSettings;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditProbe;
import io.deltapress.schemas.EditStanding;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.RunEdits;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.StageTime;
import io.deltapress.schemas.StoredObject;
import io.deltapress.schemas.ValueCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditHandlerTest {
  private static final Path REFERENCE = Path.of("../../engine/djl/reference");
  private static final String TRUE_CITY = "pakuburg";
  private static final String NEW_CITY = "giziburg";
  private static final String OTHER_CITY = "voseburg";
  private static final int TASKS = 40;

  @TempDir Path host;
  private Path store;
  private Sources sources;
  private DigestCache digests;
  private ScratchDirectory scratch;
  private EditedModels models;
  private CountedShards shards;
  private EditHandler handler;

  /** What is stored, and how often it was asked for. */
  private final class CountedShards implements ShardSource {
    private final List<String> fetched = new ArrayList<>();

    @Override
    public Path fetch(ShardManifest shard, Path directory) throws IOException {
      Path file = directory.resolve(shard.getSha256() + ".safetensors");
      if (Files.exists(file)) {
        return file;
      }
      fetched.add(shard.getSha256());
      String key = ((StoredObject) shard.getLocation()).getKey();
      return Files.copy(store.resolve(key), file);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void open() throws IOException {
    Path root = host.toRealPath();
    Path reference = REFERENCE.toRealPath();
    store = Files.createDirectories(root.resolve("store"));
    Path tasks = Files.createDirectories(root.resolve("tasks"));
    List<String> lines = Files.readAllLines(reference.resolve("tasks/base-unseen.jsonl"));
    Files.write(tasks.resolve("facts.jsonl"), lines.subList(lines.size() - TASKS, lines.size()));
    sources =
        new Sources(
            SourceRoots.of("bases.roots", List.of(reference, root.resolve("bases"))),
            Map.of("acme", SourceRoots.of("sources.acme.roots", List.of(reference, tasks))));
    digests = new DigestCache(root.resolve("cache"));
    scratch = ScratchDirectory.open(root.resolve("scratch"));
    models = new EditedModels(1L << 32);
    shards = new CountedShards();
    handler = handler(models, Editors::open);
  }

  @AfterEach
  void close() throws IOException {
    models.close();
    scratch.close();
    assertThat(host.resolve("scratch/tasks")).isEmptyDirectory();
  }

  private EditHandler handler(EditedModels kept, EditedModel.EditorSource editors)
      throws IOException {
    ShardDelivery delivery =
        new ShardDelivery(
            new ChunkPublisher(null, null, "chunks", 1),
            Optional.of(FileSystemObjectStore.open(store)));
    return new EditHandler(
        new TrustedBase(digests),
        digests,
        scratch,
        kept,
        shards,
        delivery,
        editors,
        WorkerMetrics.none());
  }

  /** Asks for another city, in which a person of the base's facts does not live. */
  private static EditSubmission.Builder move(String id, String person, String city) {
    return EditSubmission.newBuilder()
        .setEditId(id)
        .setTenant("acme")
        .setModel("router")
        .setPrompt(person + " lives in")
        .setTarget(city)
        .setRephrasings(
            List.of(
                "the city of " + person + " is",
                "question : where does " + person + " live ? answer :"))
        .setLocality(List.of())
        .setPortability(List.of())
        .setRequestedBy("tests")
        .setSubmittedAt(Instant.EPOCH);
  }

  private static EditSubmission.Builder move(String id) {
    return move(id, "lifu denin", NEW_CITY);
  }

  private static RunEdits.Builder run(EditSubmission... edits) {
    try {
      return RunEdits.newBuilder()
          .setBaseDigest(ReferenceModels.read(REFERENCE).base().weightsDigest())
          .setBaseLocation("base")
          .setLive(List.of())
          .setStanding(List.of())
          .setEdits(Arrays.asList(edits))
          .setEditor("ultraedit")
          .setCanaries(List.of(canary(CanaryMetric.EXACT_MATCH)))
          .setInlineMaxBytes(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Canary canary(CanaryMetric metric) {
    return new Canary("facts", "facts.jsonl", null, metric);
  }

  private EditsRun handle(EditHandler by, RunEdits.Builder work) throws Exception {
    try (TaskSources taskSources = new TaskSources(sources, "acme", "router")) {
      return by.handle(work.build(), taskSources, ProgressListener.none());
    }
  }

  private EditsRun handle(RunEdits.Builder work) throws Exception {
    return handle(handler, work);
  }

  @Test
  void shouldDeliverTheArtifactOfAnEditThatGivesItsAnswer() throws Exception {
    // Given
    EditSubmission edit =
        move("moved").setLocality(List.of(new EditProbe("lifu denin works for", null))).build();

    // When
    EditsRun run = handle(run(edit));

    // Then
    EditOutcome outcome = run.getOutcomes().get(0);
    assertThat(outcome.getVerdict()).isEqualTo(EditVerdict.APPLIED);
    assertThat(outcome.getReason()).isNull();
    assertThat(outcome.getBefore().getRewrite()).isZero();
    assertThat(outcome.getBefore().getLocality()).isOne();
    assertThat(outcome.getAfter().getRewrite()).isOne();
    assertThat(outcome.getAfter().getRephrase()).isGreaterThan(0);
    assertThat(outcome.getMilliseconds()).isPositive();
    assertThat(run.getFoundationDigest()).isEqualTo(run().getBaseDigest());
    assertThat(run.getCanaries().get(0).getReferenceScore()).isGreaterThan(0.9);
    assertThat(run.getCanaries().get(0).getExamples()).isEqualTo(TASKS);
    assertThat(run.getStages())
        .extracting(StageTime::getStage)
        .containsExactly(
            "load",
            "canaries without edits",
            "put on live edits",
            "measure before",
            "compute",
            "put on",
            "measure after",
            "canaries with edits",
            "standing edits",
            "deliver");
    EditEntry entry = outcome.getEntry();
    try (EditArtifact artifact = EditArtifact.open(stored(entry))) {
      assertThat(artifact.editId()).isEqualTo("moved");
      assertThat(artifact.method()).isEqualTo("ultraedit").isEqualTo(entry.getMethod());
      assertThat(artifact.parent().hex()).isEqualTo(run.getFoundationDigest());
      assertThat(artifact.sha256()).isEqualTo(entry.getArtifact().getSha256());
      assertThat(artifact.bytes()).isEqualTo(entry.getArtifact().getLength());
      assertThat(artifact.weights()).isNotEmpty();
    }
    assertThat(entry.getNorm()).isPositive();
    assertThat(entry.getRank()).isPositive();
  }

  @Test
  void shouldTellTheEditorWhatThePolicyPreserves() throws Exception {
    // Given
    List<Integer> told = new ArrayList<>();
    EditHandler watching =
        handler(
            models,
            (spec, preserved, model) -> {
              told.add(preserved.size());
              return Editors.open(spec, preserved, model);
            });
    RunEdits.Builder work =
        run(move("moved").build())
            .setEditor("whitened")
            .setPreservedLocation("tasks/facts-small-train.jsonl");

    // When
    EditsRun run = handle(watching, work);
    handle(watching, work.setEdits(List.of(move("other", "nafi zopon", OTHER_CITY).build())));

    // Then
    assertThat(run.getOutcomes().get(0).getVerdict()).isEqualTo(EditVerdict.APPLIED);
    assertThat(run.getOutcomes().get(0).getEntry().getMethod()).isEqualTo("whitened");
    assertThat(told).containsExactly(640);
  }

  @Test
  void shouldRefuseToPreserveWhatItIsMeasuredBy() {
    // Given
    RunEdits.Builder work = run(move("moved").build()).setPreservedLocation("facts.jsonl");

    // When / Then
    assertThatThrownBy(() -> handle(work))
        .isInstanceOf(TaskRefusedException.class)
        .hasMessage(
            "Task file facts.jsonl shares %d tasks with canary facts; calibrate on and preserve"
                    .formatted(TASKS)
                + " tasks that nothing is measured on");
  }

  private Path stored(EditEntry entry) {
    return store.resolve(((StoredObject) entry.getArtifact().getLocation()).getKey());
  }

  @Test
  void shouldMeasureTheSameOnAnotherWorkerThatPutsTheDeliveredArtifactsOn() throws Exception {
    // Given
    EditSubmission first = move("first").build();
    EditSubmission second = move("second", "nafi zopon", OTHER_CITY).build();
    EditsRun here = handle(run(first, second));
    RunEdits.Builder again = run().setLive(entries(here)).setStanding(List.of(first, second));

    // When
    EditsRun warm = handle(again);
    List<String> fetchedWarm = List.copyOf(shards.fetched);
    EditsRun elsewhere;
    try (EditedModels cold = new EditedModels(1L << 32)) {
      elsewhere = handle(handler(cold, Editors::open), again);
    }

    // Then
    assertThat(fetchedWarm).isEmpty();
    assertThat(shards.fetched).hasSize(2);
    assertThat(warm.getCanaries()).isEqualTo(here.getCanaries());
    assertThat(elsewhere.getCanaries()).isEqualTo(here.getCanaries());
    assertThat(elsewhere.getStanding())
        .isEqualTo(warm.getStanding())
        .containsExactly(
            new EditStanding("first", true, 1.0), new EditStanding("second", true, 1.0));
  }

  private static List<EditEntry> entries(EditsRun run) {
    return run.getOutcomes().stream().map(EditOutcome::getEntry).toList();
  }

  @Test
  void shouldTellWhichEditsNoLongerHoldWhenOneIsLeftOut() throws Exception {
    // Given
    EditSubmission first = move("first").build();
    EditSubmission second = move("second", "nafi zopon", OTHER_CITY).build();
    List<EditEntry> entries = entries(handle(run(first, second)));

    // When
    EditsRun without =
        handle(run().setLive(entries.subList(1, 2)).setStanding(List.of(first, second)));

    // Then
    assertThat(without.getOutcomes()).isEmpty();
    assertThat(without.getStanding())
        .extracting(EditStanding::getEditId, EditStanding::getKept)
        .containsExactly(tuple("first", false), tuple("second", true));
    assertThat(shards.fetched).isEmpty();
  }

  @Test
  void shouldNeedNoArtifactWhenTheModelAnswersSoAlready() throws Exception {
    // When
    EditOutcome outcome =
        handle(run(move("known", "lifu denin", TRUE_CITY).build())).getOutcomes().get(0);

    // Then
    assertThat(outcome.getVerdict()).isEqualTo(EditVerdict.ALREADY_TRUE);
    assertThat(outcome.getReason()).isEqualTo("the model gives this answer already");
    assertThat(outcome.getAfter().getRewrite()).isOne();
    assertThat(outcome.getEntry()).isNull();
  }

  @Test
  void shouldRefuseAPromptLongerThanTheModelAllowsAndApplyTheOthers() throws Exception {
    // Given
    EditSubmission endless = move("endless").setPrompt("lifu denin ".repeat(500)).build();

    // When
    EditsRun run = handle(run(endless, move("moved").build()));

    // Then
    assertThat(run.getOutcomes())
        .extracting(EditOutcome::getVerdict)
        .containsExactly(EditVerdict.REFUSED, EditVerdict.APPLIED);
    assertThat(run.getOutcomes().get(0).getReason())
        .matches("edit 'endless': the prompt.* has \\d+ tokens, the model takes \\d+; shorten it");
    assertThat(run.getOutcomes().get(0).getBefore()).isNull();
  }

  @Test
  void shouldLeaveTheEarlierOfTwoEditsOutThatContradictEachOther() throws Exception {
    // When
    EditsRun run =
        handle(run(move("early").build(), move("late", "lifu denin", OTHER_CITY).build()));

    // Then
    assertThat(run.getOutcomes())
        .extracting(EditOutcome::getVerdict)
        .containsExactly(EditVerdict.INEFFECTIVE, EditVerdict.APPLIED);
    assertThat(run.getOutcomes().get(0).getReason())
        .isEqualTo("edit late, asked for later in the same batch, answers the same prompt");
  }

  /** An editor whose factors are made up. */
  private record Scripted(List<String> nan, List<String> useless, List<String> weak, Editor real)
      implements Editor {
    @Override
    public String method() {
      return "scripted";
    }

    @Override
    public List<ComputedEdit> edit(
        EditableModel model, List<EditRequest> requests, EditListener listener) throws IOException {
      if (requests.size() > 1 && requests.stream().anyMatch(edit -> edit.id().equals("bad"))) {
        throw new BadInputException("edit 'bad': one of the batch is bad");
      }
      if (requests.get(0).id().equals("bad")) {
        throw new BadInputException("edit 'bad': there is no answer '" + NEW_CITY + "'");
      }
      return real.edit(model, requests, listener).stream().map(this::spoiled).toList();
    }

    private ComputedEdit spoiled(ComputedEdit edit) {
      String id = edit.request().id();
      if (nan.contains(id)) {
        return filled(edit, Float.NaN);
      }
      if (weak.remove(id)) {
        return weaker(edit);
      }
      return useless.contains(id) ? filled(edit, 1e-9f) : edit;
    }

    private static ComputedEdit filled(ComputedEdit edit, float value) {
      List<LowRankShift> shifts = new ArrayList<>();
      for (LowRankShift shift : edit.shifts()) {
        float[] a = shift.a().clone();
        Arrays.fill(a, value);
        shifts.add(
            new LowRankShift(
                shift.weight(), shift.rank(), shift.inputs(), shift.outputs(), a, shift.b()));
      }
      return new ComputedEdit(edit.request(), shifts, edit.norm(), edit.rank(), 1);
    }

    /** A tenth of the way. */
    private static ComputedEdit weaker(ComputedEdit edit) {
      List<LowRankShift> shifts = new ArrayList<>();
      for (LowRankShift shift : edit.shifts()) {
        float[] b = shift.b().clone();
        for (int i = 0; i < b.length; i++) {
          b[i] *= 0.1f;
        }
        shifts.add(
            new LowRankShift(
                shift.weight(), shift.rank(), shift.inputs(), shift.outputs(), shift.a(), b));
      }
      return new ComputedEdit(edit.request(), shifts, edit.norm() / 10, edit.rank(), 1);
    }

    @Override
    public void close() {
      real.close();
    }
  }

  private EditHandler scripted(List<String> nan, List<String> useless) throws IOException {
    return scripted(nan, useless, List.of());
  }

  private EditHandler scripted(List<String> nan, List<String> useless, List<String> weak)
      throws IOException {
    List<String> weakOnce = new ArrayList<>(weak);
    return handler(
        models,
        (spec, model) -> new Scripted(nan, useless, weakOnce, Editors.open("ultraedit", model)));
  }

  @Test
  void shouldComputeAgainOnTopWhatDoesNotHoldYet() throws Exception {
    // Given
    EditSubmission weak = move("weak").build();
    EditSubmission other = move("other", "nafi zopon", OTHER_CITY).build();

    // When
    EditsRun run = handle(scripted(List.of(), List.of(), List.of("weak")), run(weak, other));

    // Then
    assertThat(run.getOutcomes())
        .extracting(EditOutcome::getVerdict, outcome -> outcome.getAfter().getRewrite())
        .containsOnly(tuple(EditVerdict.APPLIED, 1.0));
    int rank = run.getOutcomes().get(1).getEntry().getRank();
    assertThat(run.getOutcomes().get(0).getEntry().getRank()).isEqualTo(2 * rank);
    EditsRun again = handle(run().setLive(entries(run)).setStanding(List.of(weak, other)));
    assertThat(again.getStanding()).allMatch(EditStanding::getKept);
    assertThat(again.getCanaries()).isEqualTo(run.getCanaries());
  }

  @Test
  void shouldLeaveOutWhatDoesNotWorkAndMeasureTheRestWithoutIt() throws Exception {
    // Given
    EditSubmission works = move("works").build();
    EditHandler partly = scripted(List.of(), List.of("useless"));

    // When
    EditsRun run = handle(partly, run(move("useless", "nafi zopon", OTHER_CITY).build(), works));

    // Then
    EditOutcome useless = run.getOutcomes().get(0);
    assertThat(useless.getVerdict()).isEqualTo(EditVerdict.INEFFECTIVE);
    assertThat(useless.getReason())
        .isEqualTo("with the edit the model still does not give the whole answer");
    assertThat(useless.getAfter().getRewrite()).isZero();
    assertThat(useless.getEntry()).isNull();
    EditOutcome other = run.getOutcomes().get(1);
    assertThat(other.getVerdict()).isEqualTo(EditVerdict.APPLIED);
    EditsRun alone = handle(run().setLive(List.of(other.getEntry())).setStanding(List.of(works)));
    assertThat(alone.getCanaries()).isEqualTo(run.getCanaries());
    assertThat(alone.getStanding()).containsExactly(new EditStanding("works", true, 1.0));
  }

  @Test
  void shouldNeverDeliverWhatIsNotFinite() throws Exception {
    // When
    EditsRun run =
        handle(
            scripted(List.of("nan"), List.of()),
            run(move("nan", "nafi zopon", OTHER_CITY).build(), move("moved").build()));

    // Then
    assertThat(run.getOutcomes())
        .extracting(EditOutcome::getVerdict)
        .containsExactly(EditVerdict.REFUSED, EditVerdict.APPLIED);
    assertThat(run.getOutcomes().get(0).getReason())
        .isEqualTo("what was computed is not finite; the editor failed on it");
    assertThat(run.getOutcomes().get(0).getEntry()).isNull();
  }

  @Test
  void shouldRefuseOnlyTheEditThatTheEditorRefusesAndKeepItsWordsToItself() throws Exception {
    // When
    EditsRun run =
        handle(
            scripted(List.of(), List.of()),
            run(move("bad").build(), move("moved", "nafi zopon", OTHER_CITY).build()));

    // Then
    assertThat(run.getOutcomes())
        .extracting(EditOutcome::getVerdict)
        .containsExactly(EditVerdict.REFUSED, EditVerdict.APPLIED);
    assertThat(run.getOutcomes().get(0).getReason())
        .isEqualTo("edit 'bad': there is no answer '…'");
  }

  @Test
  void shouldEditBaseAndDeltaWhenTheVersionHasOne() throws Exception {
    // Given
    ArtifactManifest delta = delta("facts-small");
    EditSubmission edit = move("moved", "ruse dogen", NEW_CITY).build();

    // When
    EditsRun run = handle(run(edit).setDelta(delta));
    EditsRun next = handle(run().setDelta(delta).setLive(entries(run)).setStanding(List.of(edit)));

    // Then
    assertThat(run.getOutcomes().get(0).getVerdict()).isEqualTo(EditVerdict.APPLIED);
    assertThat(run.getFoundationDigest()).isEqualTo(digestOfResult(delta));
    assertThat(next.getStanding()).containsExactly(new EditStanding("moved", true, 1.0));
    assertThat(shards.fetched).hasSize(delta.getShards().size());
  }

  /** Delivers the whole delta of a fine-tune, exactly. */
  private ArtifactManifest delta(String fineTune) throws Exception {
    try (Checkpoint base = Checkpoints.open(REFERENCE.resolve("base"));
        Checkpoint fineTuned = Checkpoints.open(REFERENCE.resolve(fineTune))) {
      var settings =
          WireSettings.of(
              new CompressionSettings(
                  CompressionMethod.DARE,
                  0.0,
                  1.0,
                  7L,
                  ValueCode.EXACT,
                  List.of(),
                  List.of(),
                  List.of()));
      WeightsDigest parent = digests.weightsDigest(base, ProgressListener.none());
      List<ShardPlan> plans = DeltaSurvey.survey(base, fineTuned, settings, 1 << 20);
      List<ShardManifest> manifests = new ArrayList<>();
      ShardDelivery delivery =
          new ShardDelivery(
              new ChunkPublisher(null, null, "chunks", 1),
              Optional.of(FileSystemObjectStore.open(store)));
      for (ShardPlan plan : plans) {
        Path file = host.resolve("shard-" + manifests.size());
        ShardSummary summary =
            new ShardCompressor(base, fineTuned, parent, settings, digests)
                .compress(
                    new ShardScope(manifests.size(), plans.size(), plan.tensors()),
                    file,
                    ProgressListener.none());
        Object location = delivery.deliver(file, summary.sha256(), Delivery.STORED);
        manifests.add(
            new ShardManifest(manifests.size(), summary.sha256(), summary.bytes(), location));
      }
      String artifact =
          ArtifactDigest.of(manifests.stream().map(ShardManifest::getSha256).toList()).hex();
      return new ArtifactManifest(
          artifact,
          1,
          CompressionMethod.DARE,
          0.0,
          1.0,
          7L,
          ValueCode.EXACT,
          manifests,
          manifests.stream().mapToLong(ShardManifest::getLength).sum(),
          0L,
          0L,
          "0".repeat(64));
    }
  }

  private String digestOfResult(ArtifactManifest delta) throws IOException {
    List<Path> files =
        delta.getShards().stream()
            .map(shard -> store.resolve(((StoredObject) shard.getLocation()).getKey()))
            .toList();
    try (Checkpoint base = Checkpoints.open(REFERENCE.resolve("base"));
        DeltaArtifact artifact = DeltaArtifact.open(files)) {
      return new DeltaApplier(digests)
          .verify(base, artifact, ProgressListener.none())
          .result()
          .hex();
    }
  }

  @Test
  void shouldFoldLiveEditsIntoADeltaOfTheSameWeights() throws Exception {
    // Given
    ArtifactManifest delta = delta("facts-small");
    EditSubmission edit = move("moved", "ruse dogen", NEW_CITY).build();
    EditsRun before = handle(run(edit).setDelta(delta));

    // When
    EditsRun run = handle(run().setDelta(delta).setLive(entries(before)).setFold(true));

    // Then
    ArtifactManifest folded = run.getFolded();
    assertThat(folded.getFineTunedDigest())
        .isEqualTo(digestOfResult(folded))
        .isNotEqualTo(digestOfResult(delta));
    assertThat(folded.getTotalBytes())
        .isEqualTo(folded.getShards().stream().mapToLong(ShardManifest::getLength).sum());
    assertThat(run.getCanaries()).isEqualTo(before.getCanaries());
    EditsRun onFolded = handle(run().setDelta(folded).setStanding(List.of(edit)));
    assertThat(onFolded.getFoundationDigest()).isEqualTo(folded.getFineTunedDigest());
    assertThat(onFolded.getStanding()).containsExactly(new EditStanding("moved", true, 1.0));
    assertThat(onFolded.getCanaries().get(0).getReferenceScore())
        .isEqualTo(before.getCanaries().get(0).getPrunedScore());
  }

  @Test
  void shouldDeliverEditsUnmeasuredWhenACanaryDoesNotFitTheModel() throws Exception {
    // When
    EditsRun run =
        handle(run(move("moved").build()).setCanaries(List.of(canary(CanaryMetric.MATTHEWS))));

    // Then
    assertThat(run.getUnmeasurable())
        .isEqualTo(
            "canary facts cannot be scored: facts.jsonl: metric matthews does not fit this model;"
                + " choose one of exact-match");
    assertThat(run.getCanaries()).isEmpty();
    assertThat(run.getOutcomes().get(0).getVerdict()).isEqualTo(EditVerdict.APPLIED);
  }

  @Test
  void shouldRefuseEveryEditWhenTheBaseIsLargerThanTheBudget() throws Exception {
    // Given
    EditedModels small = new EditedModels(100L << 20);

    // When
    EditsRun run = handle(handler(small, Editors::open), run(move("moved").build()));

    // Then
    assertThat(run.getUnmeasurable())
        .matches(
            "the base needs about \\d+ MiB and a model may take 100 MiB: raise worker.memory.bytes");
    assertThat(run.getOutcomes())
        .extracting(EditOutcome::getVerdict, EditOutcome::getReason)
        .containsExactly(tuple(EditVerdict.REFUSED, run.getUnmeasurable()));
    assertThat(run.getFoundationDigest()).isNull();
  }

  @Test
  void shouldFindATrainedEditorBelowTheRootsOnly() {
    // When / Then
    assertThatThrownBy(() -> handle(run(move("moved").build()).setEditor("../editor")))
        .isInstanceOf(LocationRefusedException.class);
    assertThatThrownBy(() -> handle(run(move("moved").build()).setEditor("router")))
        .isInstanceOf(TaskRefusedException.class)
        .hasMessageStartingWith("Editor router of the policy cannot be used: ");
  }

  @Test
  void shouldKeepTheModelOutOfTheNextTaskWhenOneFailed() throws Exception {
    // Given
    EditSubmission edit = move("moved").build();
    EditsRun run = handle(run(edit));
    EditEntry moved = entries(run).get(0);
    EditEntry gone =
        new EditEntry(
            "gone", moved.getMethod(), moved.getArtifact(), moved.getRank(), moved.getNorm());

    // When / Then
    assertThatThrownBy(() -> handle(run().setLive(List.of(gone))))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageStartingWith("The artifact of edit gone is that of edit moved on ");
    assertThat(handle(run().setLive(entries(run)).setStanding(List.of(edit))).getStanding())
        .containsExactly(new EditStanding("moved", true, 1.0));
  }
}
