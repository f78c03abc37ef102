package io.deltapress.app.worker;

import io.deltapress.format.artifact.DeltaSurvey;
import io.deltapress.format.artifact.ShardPlan;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.Surveyed;
import io.deltapress.schemas.SurveyedShard;
import java.io.IOException;
import java.util.List;

/** Plans the shards of a delta from the headers of both checkpoints; reads no weights. */
final class SurveyHandler {

  Surveyed handle(Survey work, TaskSources sources)
      throws IOException, LocationRefusedException, TaskRefusedException {
    Checkpoint base = sources.base(work.getBaseLocation());
    Checkpoint fineTuned = sources.fineTuned(work.getFineTunedLocation());
    List<ShardPlan> plans =
        DeltaSurvey.survey(
            base, fineTuned, WireSettings.of(work.getCompression()), work.getShardBytes());
    long denseBytes = fineTuned.tensors().values().stream().mapToLong(TensorInfo::byteLength).sum();
    return new Surveyed(plans.stream().map(SurveyHandler::shard).toList(), denseBytes);
  }

  private static SurveyedShard shard(ShardPlan plan) {
    return new SurveyedShard(
        plan.tensors(), plan.baseBytes(), plan.parameters(), plan.estimatedArtifactBytes());
  }
}
