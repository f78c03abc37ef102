package io.deltapress.djl.edit;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.djl.memory.ArrayWriter;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.AtomicFile;
import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A trained editor on disk: {@code editor.json} says what it is and which base it was trained on,
 * {@code editor.safetensors} holds its parameters in F32 and the statistics of its normaliser in
 * F64.
 */
final class EditorDirectory {

  static final String DESCRIPTION = "editor.json";
  static final String TENSORS = "editor.safetensors";

  private static final int FORMAT_VERSION = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  private EditorDirectory() {}

  /** What {@code editor.json} holds. */
  private record Description(
      int formatVersion,
      String method,
      String base,
      List<String> layers,
      int rank,
      double editRate) {}

  /**
   * Writes an editor beside its place and renames it.
   *
   * @param out the new directory; must not exist
   * @return digest of its tensors
   */
  static WeightsDigest write(
      Path out,
      WeightsDigest base,
      EditorNetwork network,
      SortedMap<LayerShape, RunningStatistics> statistics)
      throws IOException {
    Path parent = out.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path beside = Files.createDirectory(AtomicFile.beside(out.toAbsolutePath()));
    EditorSettings settings = network.settings();
    Description description =
        new Description(
            FORMAT_VERSION,
            settings.method().wireName(),
            base.hex(),
            List.copyOf(network.layers().keySet()),
            settings.rank(),
            settings.editRate());
    JSON.writerWithDefaultPrettyPrinter()
        .writeValue(beside.resolve(DESCRIPTION).toFile(), description);
    writeTensors(beside.resolve(TENSORS), network, StatisticsFile.arrays(statistics));
    Files.move(beside, out, StandardCopyOption.ATOMIC_MOVE);
    try (Checkpoint written = Checkpoints.open(out.resolve(TENSORS))) {
      return DigestCache.standard().weightsDigest(written, ProgressListener.none());
    }
  }

  private static void writeTensors(
      Path file, EditorNetwork network, SortedMap<String, double[]> statistics) throws IOException {
    List<TensorInfo> infos = new ArrayList<>();
    network
        .parameters()
        .forEach(
            (name, array) ->
                infos.add(new TensorInfo(name, DType.F32, Shape.of(array.getShape().getShape()))));
    statistics.forEach((name, values) -> infos.add(StoredDoubles.info(name, values)));
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, infos, Map.of())) {
      for (TensorInfo info : writer.order()) {
        NDArray parameter = network.parameters().get(info.name());
        writer.write(
            info.name(),
            parameter == null
                ? StoredDoubles.bytes(statistics.get(info.name()))
                : bytes(parameter.toFloatArray()));
      }
      writer.commit();
    }
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  /**
   * Loads an editor for a model.
   *
   * @throws BadInputException when it is damaged, or was trained on another base
   */
  static Editor open(Path directory, EditableModel model) throws IOException {
    Description description = describe(directory);
    String base = model.baseDigest().hex();
    if (!description.base().equals(base)) {
      throw BadInputException.of(
          directory,
          "was trained on the base with weights digest %s, this model's base is %s; train one for it"
              .formatted(description.base(), base));
    }
    EditorNetwork network = network(directory, description, model.model());
    try (Checkpoint checkpoint = Checkpoints.open(directory.resolve(TENSORS))) {
      for (Map.Entry<String, NDArray> parameter : network.parameters().entrySet()) {
        fill(checkpoint, parameter.getKey(), parameter.getValue());
      }
      SortedMap<LayerShape, RunningStatistics> statistics = StatisticsFile.read(checkpoint);
      for (LayerShape shape : network.layers().values()) {
        if (!statistics.containsKey(shape)) {
          throw BadInputException.of(
              directory, "lacks the statistics of shape %s; train it again".formatted(shape));
        }
      }
      return network.settings().method() == EditorMethod.MEND
          ? new MendEditor(network, statistics)
          : new MalmenEditor(network, statistics);
    } catch (IOException | RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static Description describe(Path directory) throws IOException {
    Path file = directory.resolve(DESCRIPTION);
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(
          directory, "holds no editor.json; give the directory of a trained editor");
    }
    try {
      Description description = JSON.readValue(Files.readAllBytes(file), Description.class);
      if (description.formatVersion() != FORMAT_VERSION) {
        throw BadInputException.of(
            file,
            "has format version %d, version %d is read here; use the release that wrote it"
                .formatted(description.formatVersion(), FORMAT_VERSION));
      }
      return description;
    } catch (JsonProcessingException e) {
      throw BadInputException.of(file, "describes no editor: " + e.getOriginalMessage());
    }
  }

  private static EditorNetwork network(
      Path directory, Description description, TransformerModel model) throws IOException {
    SortedMap<String, LayerShape> shapes = new TreeMap<>();
    for (LinearLayer layer : EditLayers.named(model, description.layers())) {
      shapes.put(layer.weight(), LayerShape.of(model, layer));
    }
    try {
      EditorMethod method = EditorMethod.ofWireName(description.method());
      EditorSettings defaults = EditorSettings.of(method);
      EditorSettings settings =
          new EditorSettings(
              method,
              description.layers(),
              description.rank(),
              description.editRate(),
              defaults.editWeight(),
              defaults.localityWeight(),
              defaults.localityPrompts());
      return new EditorNetwork(model.weights().manager(), settings, shapes, 0);
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(directory.resolve(DESCRIPTION), e.getMessage());
    }
  }

  private static void fill(Checkpoint checkpoint, String name, NDArray array) throws IOException {
    TensorData data = checkpoint.data(name);
    if (data.info().dtype() != DType.F32 || data.info().elementCount() != array.size()) {
      throw BadInputException.of(
          checkpoint.path(),
          name,
          "is not F32 with %d elements; train the editor again".formatted(array.size()));
    }
    int[] bits = new int[Math.toIntExact(array.size())];
    data.copyTo(0, bits, 0, bits.length);
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    ArrayWriter.write(array, 0, values);
  }
}
