package io.deltapress.format.lora;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.deltapress.format.AtomicFile;
import io.deltapress.format.tensor.Destination;
import io.deltapress.format.tensor.SafetensorsWriter;
import io.deltapress.format.tensor.TensorInfo;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Writes an adapter directory as Hugging Face PEFT reads it. It appears whole with {@link
 * #commit()}; closing without it leaves nothing behind. Not safe for use by several threads.
 */
public final class LoraAdapterWriter implements Closeable {
  private final Destination destination;
  private final SafetensorsWriter weights;

  private LoraAdapterWriter(Destination destination, SafetensorsWriter weights) {
    this.destination = destination;
    this.weights = weights;
  }

  /**
   * What {@code adapter_config.json} says besides how the delta is computed.
   *
   * @param base name or path of the adapted model, for people and for PEFT's automatic loading
   * @param taskType as PEFT names it: {@code CAUSAL_LM} or {@code SEQ_CLS}
   * @param targetModules names of the adapted layers, whole or only their ends
   * @param whole names of the modules that are carried whole, such as {@code classifier}
   */
  public record Description(
      String base, String taskType, List<String> targetModules, List<String> whole) {}

  /**
   * Begins an adapter.
   *
   * @param directory absent or empty
   * @param tensors factors under the names of {@link LoraModule}, in any order
   * @throws io.deltapress.format.BadInputException if something is in the way
   */
  public static LoraAdapterWriter create(
      Path directory, LoraConfig config, Description description, Collection<TensorInfo> tensors)
      throws IOException {
    Destination destination = Destination.directory(directory);
    try {
      writeConfig(destination, json(config, description));
      Path file = destination.resolve(LoraAdapter.WEIGHTS);
      SafetensorsWriter weights = SafetensorsWriter.create(file, tensors, Map.of("format", "pt"));
      return new LoraAdapterWriter(destination, weights);
    } catch (IOException e) {
      destination.close();
      throw e;
    }
  }

  static void writeConfig(Destination destination, String json) throws IOException {
    try (AtomicFile file = AtomicFile.create(destination.resolve(LoraConfigFile.NAME))) {
      file.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
      file.commit();
    }
  }

  private static String json(LoraConfig config, Description description) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      DefaultIndenter lines = new DefaultIndenter("  ", "\n");
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines));
      json.writeStartObject();
      json.writeObjectFieldStart("alpha_pattern");
      for (Map.Entry<String, Double> alpha : config.alphaPattern().entrySet()) {
        json.writeNumberField(alpha.getKey(), alpha.getValue());
      }
      json.writeEndObject();
      json.writeNullField("auto_mapping");
      json.writeStringField("base_model_name_or_path", description.base());
      json.writeStringField("bias", "none");
      json.writeBooleanField("fan_in_fan_out", config.inputsFirst());
      json.writeBooleanField("inference_mode", true);
      json.writeBooleanField("init_lora_weights", true);
      json.writeNullField("layers_pattern");
      json.writeNullField("layers_to_transform");
      writeAlpha(json, config.alpha());
      json.writeNumberField("lora_dropout", 0.0);
      writeNames(json, "modules_to_save", description.whole());
      json.writeStringField("peft_type", "LORA");
      json.writeNumberField("r", config.rank());
      json.writeObjectFieldStart("rank_pattern");
      for (Map.Entry<String, Integer> rank : config.rankPattern().entrySet()) {
        json.writeNumberField(rank.getKey(), rank.getValue());
      }
      json.writeEndObject();
      json.writeNullField("revision");
      writeNames(json, "target_modules", description.targetModules());
      json.writeStringField("task_type", description.taskType());
      json.writeBooleanField("use_dora", false);
      json.writeBooleanField("use_rslora", config.rankStabilized());
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  /** PEFT declares it as a whole number, which readers in typed languages insist on. */
  private static void writeAlpha(JsonGenerator json, double alpha) throws IOException {
    if (alpha == Math.rint(alpha) && Math.abs(alpha) < 1e9) {
      json.writeNumberField("lora_alpha", (long) alpha);
    } else {
      json.writeNumberField("lora_alpha", alpha);
    }
  }

  private static void writeNames(JsonGenerator json, String field, List<String> names)
      throws IOException {
    if (names.isEmpty()) {
      json.writeNullField(field);
      return;
    }
    json.writeArrayFieldStart(field);
    for (String name : names) {
      json.writeString(name);
    }
    json.writeEndArray();
  }

  /** The tensors in the order in which they must be written. */
  public List<TensorInfo> order() {
    return weights.order();
  }

  /** Appends bytes to a tensor; see {@link SafetensorsWriter#write}. */
  public void write(String tensor, ByteBuffer bytes) throws IOException {
    weights.write(tensor, bytes);
  }

  /** Makes the adapter durable and visible. */
  public void commit() throws IOException {
    weights.commit();
    destination.commit();
  }

  @Override
  public void close() throws IOException {
    try {
      weights.close();
    } finally {
      destination.close();
    }
  }
}
