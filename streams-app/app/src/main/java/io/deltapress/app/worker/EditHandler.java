package io.deltapress.app.worker;

import io.deltapress.djl.edit.ComputedEdit;
import io.deltapress.djl.edit.EditMeasure;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.edit.Editor;
import io.deltapress.djl.edit.Editors;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.SealedFile;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.EditArtifactWriter;
import io.deltapress.format.edit.EditIdentity;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.ArtifactManifest;
import io.deltapress.schemas.CanaryScore;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.EditStanding;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.EditVerdict;
import io.deltapress.schemas.EditsRun;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.RunEdits;
import io.deltapress.schemas.ShardManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs edits: puts the live ones on base and delta, computes the new ones on that, measures, and
 * delivers the artifact of every edit that works. The model stays loaded, with the edits on it, for
 * the next run.
 *
 * <p>Editors need not give the same bits twice: a task that is run again has artifacts of its own,
 * and of two answers the planner takes the first.
 */
final class EditHandler {
  private final TrustedBase trustedBase;
  private final DigestCache digests;
  private final ScratchDirectory scratch;
  private final EditedModels models;
  private final ShardSource shards;
  private final ShardDelivery delivery;
  private final EditFolder folder;
  private final EditedModel.EditorSource editors;
  private final WorkerMetrics metrics;

  EditHandler(
      TrustedBase trustedBase,
      DigestCache digests,
      ScratchDirectory scratch,
      EditedModels models,
      ShardSource shards,
      ShardDelivery delivery,
      EditedModel.EditorSource editors,
      WorkerMetrics metrics) {
    this.trustedBase = trustedBase;
    this.digests = digests;
    this.scratch = scratch;
    this.models = models;
    this.shards = shards;
    this.delivery = delivery;
    this.folder = new EditFolder(digests, shards, delivery);
    this.editors = editors;
    this.metrics = metrics;
  }

  EditsRun handle(RunEdits work, TaskSources sources, ProgressListener progress)
      throws IOException,
          InterruptedException,
          LocationRefusedException,
          TaskRefusedException,
          TaskFailedException {
    Stages stages = new Stages();
    Checkpoint base = sources.base(work.getBaseLocation());
    WeightsDigest baseDigest =
        trustedBase.require(base, work.getBaseLocation(), work.getBaseDigest(), progress);
    List<TaskFiles.CanaryFile> canaries =
        TaskFiles.canaries(work.getCanaries(), work.getPreservedLocation(), sources);
    EditedModels.Key key =
        new EditedModels.Key(
            sources.owner(), base.path(), baseDigest.hex(), deltaDigest(work.getDelta()));
    Path directory = scratch.newTaskDirectory();
    try {
      EditedModel model =
          models.of(key, base, () -> load(base, work.getDelta(), directory, progress));
      stages.ended("load");
      return new Run(work, base, sources, progress, stages, model, directory).run(canaries);
    } catch (UnmeasurableException e) {
      models.evict(key);
      return nothingDone(work, stages, Outcomes.line(sources.concealed("" + e.getMessage())));
    } catch (IOException
        | InterruptedException
        | TaskRefusedException
        | TaskFailedException
        | LocationRefusedException
        | RuntimeException
        | Error e) {
      // Whatever state it was left in must not meet the next task.
      models.evict(key);
      throw e;
    } finally {
      ScratchDirectory.remove(directory);
    }
  }

  private static @Nullable String deltaDigest(@Nullable ArtifactManifest delta) {
    return delta == null ? null : delta.getArtifactDigest();
  }

  private EditedModel load(
      Checkpoint base, @Nullable ArtifactManifest delta, Path directory, ProgressListener progress)
      throws IOException, InterruptedException, UnmeasurableException, TaskFailedException {
    try (FetchedDelta fetched = FetchedDelta.of(delta, shards, directory)) {
      return EditedModel.load(base, fetched, digests, progress);
    }
  }

  private static EditsRun nothingDone(RunEdits work, Stages stages, String reason) {
    return EditsRun.newBuilder()
        .setOutcomes(
            work.getEdits().stream()
                .map(
                    edit ->
                        EditOutcome.newBuilder()
                            .setEditId(edit.getEditId())
                            .setVerdict(EditVerdict.REFUSED)
                            .setReason(reason)
                            .setMilliseconds(0)
                            .build())
                .toList())
        .setStanding(List.of())
        .setCanaries(List.of())
        .setUnmeasurable(reason)
        .setStages(stages.times())
        .setSeconds(stages.seconds())
        .build();
  }

  /** One task on a loaded model. */
  private final class Run {
    private final RunEdits work;
    private final Checkpoint base;
    private final TaskSources sources;
    private final ProgressListener progress;
    private final Stages stages;
    private final EditedModel model;
    private final Path directory;
    private @Nullable String unmeasurable;

    Run(
        RunEdits work,
        Checkpoint base,
        TaskSources sources,
        ProgressListener progress,
        Stages stages,
        EditedModel model,
        Path directory) {
      this.work = work;
      this.base = base;
      this.sources = sources;
      this.progress = progress;
      this.stages = stages;
      this.model = model;
      this.directory = directory;
    }

    EditsRun run(List<TaskFiles.CanaryFile> canaries)
        throws IOException,
            InterruptedException,
            LocationRefusedException,
            TaskRefusedException,
            TaskFailedException {
      List<CanaryScorer.Score> without = measured(() -> model.scoreFoundation(canaries, progress));
      stages.ended("canaries without edits");
      model.serve(work.getLive(), this::open);
      stages.ended("put on live edits");
      EditBatch batch = new EditBatch(model, progress);
      String method = compute(batch);
      // Without a new edit there is nothing new to judge.
      boolean judged = work.getEdits().isEmpty() || batch.hasApplied();
      List<CanaryScorer.Score> with = judged ? measured(() -> scores(canaries)) : List.of();
      stages.ended("canaries with edits");
      List<EditStanding> standing = standing();
      stages.ended("standing edits");
      List<EditOutcome> outcomes = deliver(batch, method);
      stages.ended("deliver");
      ArtifactManifest folded = work.getFold() ? fold() : null;
      EditsRun.Builder run =
          EditsRun.newBuilder()
              .setOutcomes(outcomes)
              .setStanding(standing)
              .setFoundationDigest(model.foundation().hex())
              .setCanaries(
                  judged && unmeasurable == null ? rows(canaries, without, with) : List.of())
              .setUnmeasurable(unmeasurable)
              .setFolded(folded);
      return run.setStages(stages.times()).setSeconds(stages.seconds()).build();
    }

    private ArtifactManifest fold() throws IOException, InterruptedException, TaskFailedException {
      ArtifactManifest folded =
          folder.fold(
              base, work.getDelta(), work.getLive(), directory, work.getInlineMaxBytes(), progress);
      metrics.delivered(folded.getTotalBytes());
      stages.ended("fold");
      return folded;
    }

    private EditArtifact open(EditEntry entry)
        throws IOException, InterruptedException, TaskFailedException {
      return EditArtifact.open(shards.fetch(entry.getArtifact(), directory));
    }

    /**
     * @return how the edits were computed
     */
    private String compute(EditBatch batch)
        throws IOException, LocationRefusedException, TaskRefusedException {
      batch.take(work.getEdits());
      EditMeasure measure = batch.measureBefore();
      List<EditBatch.Edit> measured =
          batch.edits().stream().filter(edit -> edit.before() != null).toList();
      stages.ended("measure before");
      if (measure == null) {
        return "";
      }
      Editor editor = editor();
      batch.compute(editor, measure, measured, stages);
      return editor.method();
    }

    private Editor editor() throws IOException, LocationRefusedException, TaskRefusedException {
      String spec = work.getEditor();
      String found = Editors.needsNoTraining(spec) ? spec : sources.editor(spec).toString();
      String preserved = work.getPreservedLocation();
      Path known = preserved == null ? null : TaskFiles.file(preserved, sources);
      try {
        return model.editor(found, known, editors);
      } catch (BadInputException e) {
        throw new TaskRefusedException(
            ReasonCode.INVALID_REQUEST,
            "Editor %s of the policy cannot be used: %s"
                .formatted(spec, sources.concealed("" + e.getMessage())));
      }
    }

    private interface Measuring {
      List<CanaryScorer.Score> scores() throws IOException, UnmeasurableException;
    }

    private List<CanaryScorer.Score> measured(Measuring measuring) throws IOException {
      if (unmeasurable != null) {
        return List.of();
      }
      try {
        return measuring.scores();
      } catch (UnmeasurableException e) {
        unmeasurable = Outcomes.line(sources.concealed("" + e.getMessage()));
        return List.of();
      }
    }

    private List<CanaryScorer.Score> scores(List<TaskFiles.CanaryFile> canaries)
        throws IOException, UnmeasurableException {
      List<CanaryScorer.Score> scores = new ArrayList<>();
      for (TaskFiles.CanaryFile canary : canaries) {
        scores.add(model.score(canary, progress));
      }
      return scores;
    }

    private static List<CanaryScore> rows(
        List<TaskFiles.CanaryFile> canaries,
        List<CanaryScorer.Score> without,
        List<CanaryScorer.Score> with) {
      List<CanaryScore> rows = new ArrayList<>();
      for (int row = 0; row < canaries.size(); row++) {
        rows.add(CanaryScorer.row(canaries.get(row), without.get(row), with.get(row)).build());
      }
      return rows;
    }

    private List<EditStanding> standing() throws BadInputException {
      List<EditSubmission> submissions = work.getStanding();
      if (submissions.isEmpty()) {
        return List.of();
      }
      List<EditRequest> requests = submissions.stream().map(EditRequests::rewriteOf).toList();
      List<io.deltapress.djl.edit.EditScores> now =
          new EditMeasure(model.model(), requests).before();
      List<EditStanding> standing = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        double rewrite = now.get(i).rewriteAccuracy();
        standing.add(new EditStanding(requests.get(i).id(), rewrite == 1, rewrite));
      }
      return standing;
    }

    private List<EditOutcome> deliver(EditBatch batch, String method)
        throws IOException, InterruptedException, TaskFailedException {
      List<EditOutcome> outcomes = new ArrayList<>();
      for (EditBatch.Edit edit : batch.edits()) {
        outcomes.add(
            EditOutcome.newBuilder()
                .setEditId(edit.id())
                .setVerdict(edit.verdict())
                .setReason(edit.reason())
                .setBefore(EditRequests.wire(edit.before()))
                .setAfter(EditRequests.wire(edit.after()))
                .setEntry(entry(edit, method, outcomes.size()))
                .setMilliseconds(edit.milliseconds())
                .build());
      }
      return outcomes;
    }

    private @Nullable EditEntry entry(EditBatch.Edit edit, String method, int number)
        throws IOException, InterruptedException, TaskFailedException {
      ComputedEdit computed = edit.computed();
      if (computed == null) {
        return null;
      }
      Path file = directory.resolve(String.format(Locale.ROOT, "edit-%05d.safetensors", number));
      SealedFile.Written written =
          EditArtifactWriter.write(
              file,
              EditIdentity.of(edit.id(), model.foundation(), method),
              model.weightsOf(computed),
              computed.shifts());
      boolean inline = written.bytes() <= work.getInlineMaxBytes();
      Object location =
          delivery.deliver(file, written.sha256(), inline ? Delivery.INLINE : Delivery.STORED);
      metrics.delivered(written.bytes());
      model.written(edit.id(), written.sha256());
      return new EditEntry(
          edit.id(),
          method,
          new ShardManifest(0, written.sha256(), written.bytes(), location),
          computed.rank(),
          computed.norm());
    }
  }
}
