package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ArtifactDigest;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaSurvey;
import io.deltapress.format.artifact.ShardCompressor;
import io.deltapress.format.artifact.ShardPlan;
import io.deltapress.format.artifact.ShardScope;
import io.deltapress.format.artifact.ShardSummary;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.CanaryScore;
import io.deltapress.schemas.GateMeasured;
import io.deltapress.schemas.MeasureGate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures a gate: makes the very artifact that would be published, shard by shard, puts it on the
 * loaded base, scores every canary, and takes it off again.
 */
final class GateHandler {
  private static final double NANOS = 1e9;

  private final TrustedBase trustedBase;
  private final DigestCache digests;
  private final ScratchDirectory scratch;
  private final BaseSlot bases;

  GateHandler(
      TrustedBase trustedBase, DigestCache digests, ScratchDirectory scratch, BaseSlot bases) {
    this.trustedBase = trustedBase;
    this.digests = digests;
    this.scratch = scratch;
    this.bases = bases;
  }

  /** An artifact in the scratch directory. */
  private record Made(List<Path> shards, String digest, long bytes) {}

  GateMeasured handle(MeasureGate work, TaskSources sources, ProgressListener progress)
      throws IOException,
          InterruptedException,
          LocationRefusedException,
          TaskRefusedException,
          TaskFailedException {
    long started = System.nanoTime();
    Checkpoint base = sources.base(work.getBaseLocation());
    WeightsDigest parent =
        trustedBase.require(base, work.getBaseLocation(), work.getBaseDigest(), progress);
    Checkpoint fineTuned = sources.fineTuned(work.getFineTunedLocation());
    List<TaskFiles.CanaryFile> canaries =
        TaskFiles.canaries(work.getCanaries(), work.getCalibrationLocation(), sources);
    Path directory = scratch.newTaskDirectory();
    try {
      LoadedBase loaded = bases.of(base, parent.hex());
      Made made = compress(work, base, fineTuned, parent, directory, progress);
      List<CanaryScore> scores = measure(loaded, parent, fineTuned, made, canaries, progress);
      return GateMeasured.newBuilder()
          .setCanaries(scores)
          .setArtifactDigest(made.digest())
          .setArtifactBytes(made.bytes())
          .setSeconds((System.nanoTime() - started) / NANOS)
          .build();
    } catch (UnmeasurableException e) {
      return GateMeasured.newBuilder()
          .setCanaries(List.of())
          .setArtifactBytes(0)
          .setUnmeasurable(Outcomes.line(sources.concealed(String.valueOf(e.getMessage()))))
          .setSeconds((System.nanoTime() - started) / NANOS)
          .build();
    } finally {
      ScratchDirectory.remove(directory);
    }
  }

  /** The same shards that the planner will have pruned: the plan follows from headers alone. */
  private Made compress(
      MeasureGate work,
      Checkpoint base,
      Checkpoint fineTuned,
      WeightsDigest parent,
      Path directory,
      ProgressListener progress)
      throws IOException, TaskRefusedException {
    CompressionSettings settings = WireSettings.of(work.getCompression());
    List<ShardPlan> plans = DeltaSurvey.survey(base, fineTuned, settings, work.getShardBytes());
    ShardCompressor compressor = new ShardCompressor(base, fineTuned, parent, settings, digests);
    List<Path> files = new ArrayList<>();
    List<String> shardDigests = new ArrayList<>();
    long bytes = 0;
    for (int shard = 0; shard < plans.size(); shard++) {
      Path file = directory.resolve(String.format(Locale.ROOT, "shard-%05d.safetensors", shard));
      ShardScope scope = new ShardScope(shard, plans.size(), plans.get(shard).tensors());
      ShardSummary summary = compressor.compress(scope, file, progress);
      files.add(file);
      shardDigests.add(summary.sha256());
      bytes += summary.bytes();
    }
    return new Made(files, ArtifactDigest.of(shardDigests).hex(), bytes);
  }

  private List<CanaryScore> measure(
      LoadedBase loaded,
      WeightsDigest parent,
      Checkpoint fineTuned,
      Made made,
      List<TaskFiles.CanaryFile> canaries,
      ProgressListener progress)
      throws IOException, UnmeasurableException, TaskFailedException {
    String reference = digests.weightsDigest(fineTuned, progress).hex();
    try (DeltaArtifact artifact = DeltaArtifact.open(made.shards())) {
      List<CanaryScorer.Score> ofBase = scoreAll(loaded, parent.hex(), canaries, progress);
      if (!loaded.knows(reference, canaries)) {
        loaded.apply(fineTuned);
      }
      List<CanaryScorer.Score> ofReference = scoreAll(loaded, reference, canaries, progress);
      loaded.apply(artifact);
      List<CanaryScorer.Score> pruned = scoreAll(loaded, made.digest(), canaries, progress);
      loaded.undo();
      return rows(canaries, ofBase, ofReference, pruned);
    } catch (IOException
        | UnmeasurableException
        | TaskFailedException
        | RuntimeException
        | Error e) {
      // A base that was left with something on it must not meet the next tenant.
      bases.evict();
      throw e;
    }
  }

  private static List<CanaryScore> rows(
      List<TaskFiles.CanaryFile> canaries,
      List<CanaryScorer.Score> ofBase,
      List<CanaryScorer.Score> ofReference,
      List<CanaryScorer.Score> pruned) {
    List<CanaryScore> rows = new ArrayList<>();
    for (int row = 0; row < canaries.size(); row++) {
      rows.add(
          CanaryScorer.row(canaries.get(row), ofReference.get(row), pruned.get(row))
              .setBaseScore(ofBase.get(row).value())
              .build());
    }
    return rows;
  }

  private static List<CanaryScorer.Score> scoreAll(
      LoadedBase loaded,
      String weightsDigest,
      List<TaskFiles.CanaryFile> canaries,
      ProgressListener progress)
      throws IOException, UnmeasurableException {
    List<CanaryScorer.Score> scores = new ArrayList<>();
    for (TaskFiles.CanaryFile canary : canaries) {
      scores.add(loaded.score(weightsDigest, canary, progress));
    }
    return scores;
  }
}
