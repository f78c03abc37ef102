package io.deltapress.app.cli;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.edit.EditArtifactWriter;
import io.deltapress.format.edit.EditIdentity;
import io.deltapress.format.edit.EditedWeight;
import io.deltapress.format.edit.LowRankShift;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;

/** Edits of the checkpoints of {@link WeightsFile}. */
final class EditFiles {
  private EditFiles() {}

  /** Writes an edit of the matrix of a foundation; equal seeds give equal factors. */
  static Path write(Path file, Path foundation, String editId, long seed) throws IOException {
    Random random = new Random(seed);
    try (Checkpoint opened = Checkpoints.open(foundation)) {
      SortedMap<String, TensorDigest> digests =
          new DigestCache(file.resolveSibling("digests")).digests(opened, ProgressListener.none());
      EditArtifactWriter.write(
          file,
          EditIdentity.of(editId, WeightsDigest.of(digests.values()), "mend"),
          Map.of(
              WeightsFile.CHANGED,
              new EditedWeight(digests.get(WeightsFile.CHANGED), Orientation.OUTPUT_INPUT)),
          List.of(
              new LowRankShift(
                  WeightsFile.CHANGED,
                  2,
                  WeightsFile.COLUMNS,
                  WeightsFile.ROWS,
                  floats(2 * WeightsFile.COLUMNS, random),
                  floats(WeightsFile.ROWS * 2, random))));
    }
    return file;
  }

  private static float[] floats(int count, Random random) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = 0.2f * (float) random.nextGaussian();
    }
    return floats;
  }
}
