package io.deltapress.djl.train;

import ai.djl.ndarray.NDArray;
import io.deltapress.djl.edit.StoredDoubles;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Everything a training needs to go on with the same bits, in one safetensors file: trained weights
 * in float32, both moments of the optimizer, statistics in binary64, the step, and what was being
 * trained.
 *
 * <p>Random numbers and data order need no place of their own: both are functions of seed and step.
 *
 * @param path the file
 * @param identity what tells one training from another: options, seed, digests of base and data
 */
record StateFile(Path path, String identity) {

  private static final String STEP = "deltapress.training.step";
  private static final String LOSS = "deltapress.training.loss";
  private static final String MEMORY = "memory/";
  private static final String IDENTITY = "deltapress.training.identity";

  /**
   * How far a training is.
   *
   * @param steps number of steps done
   * @param loss of the last one; NaN before the first
   */
  record Progress(int steps, double loss) {}

  /**
   * Restores the state if there is one.
   *
   * @return how far the training is
   * @throws BadInputException when the file belongs to another training
   */
  Progress restore(SortedMap<String, NDArray> arrays, SortedMap<String, double[]> memory)
      throws IOException {
    if (!Files.exists(path)) {
      return new Progress(0, Double.NaN);
    }
    try (Checkpoint checkpoint = Checkpoints.open(path)) {
      if (!identity.equals(checkpoint.metadata().get(IDENTITY))) {
        throw BadInputException.of(
            path,
            "belongs to a training with other options or data; delete it to start again, or repeat"
                + " the command it was started with");
      }
      for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
        fill(entry.getValue(), checkpoint.data(entry.getKey()));
      }
      for (Map.Entry<String, double[]> entry : memory.entrySet()) {
        StoredDoubles.read(checkpoint, MEMORY + entry.getKey(), entry.getValue());
      }
      return progress(checkpoint.metadata());
    }
  }

  private Progress progress(Map<String, String> metadata) throws BadInputException {
    try {
      return new Progress(
          Integer.parseInt(metadata.getOrDefault(STEP, "")),
          Double.parseDouble(metadata.getOrDefault(LOSS, "")));
    } catch (NumberFormatException e) {
      throw BadInputException.of(path, "lacks the step it was saved at; delete it to start again");
    }
  }

  private static void fill(NDArray array, TensorData data) throws IOException {
    int[] bits = new int[Math.toIntExact(array.size())];
    data.copyTo(0, bits, 0, bits.length);
    float[] floats = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      floats[i] = Float.intBitsToFloat(bits[i]);
    }
    ArrayWriter.write(array, 0, floats);
  }

  /** Writes the state beside itself and renames: a crash leaves the one before. */
  void save(
      Progress progress, SortedMap<String, NDArray> arrays, SortedMap<String, double[]> memory)
      throws IOException {
    List<TensorInfo> infos = new ArrayList<>();
    arrays.forEach((name, array) -> infos.add(StoredArray.info(name, array)));
    memory.forEach((name, values) -> infos.add(StoredDoubles.info(MEMORY + name, values)));
    Map<String, String> metadata =
        Map.of(
            STEP,
            Integer.toString(progress.steps()),
            LOSS,
            Double.toString(progress.loss()),
            IDENTITY,
            identity);
    try (SafetensorsWriter writer = SafetensorsWriter.create(path, infos, metadata)) {
      for (TensorInfo info : writer.order()) {
        NDArray array = arrays.get(info.name());
        writer.write(
            info.name(),
            array != null
                ? StoredArray.bytes(array)
                : StoredDoubles.bytes(memory.get(info.name().substring(MEMORY.length()))));
      }
      writer.commit();
    }
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
