package io.deltapress.format.lora;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.StrictJson;
import io.deltapress.format.tensor.TensorInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The notes by which an artifact of an adapter's factors says what adapter it makes. */
final class AdapterNotes {
  /** {@code adapter_config.json} as it was. */
  static final String CONFIG = "adapter-config";

  /**
   * The tensors of the adapter, so that its zeros can be made up: a JSON object of {@code [dtype,
   * dimension, ...]} by name.
   */
  static final String TENSORS = "adapter-tensors";

  /** Weights digest of the base that was adapted. */
  static final String BASE = "adapter-base";

  /** Most bytes of an adapter, since its zeros are digested: 16 GiB. */
  static final long MAX_ADAPTER_BYTES = 1L << 34;

  private AdapterNotes() {}

  static String write(Collection<TensorInfo> tensors) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      for (TensorInfo info : tensors) {
        json.writeArrayFieldStart(info.name());
        json.writeString(info.dtype().name());
        for (long dimension : info.shape().dimensions()) {
          json.writeNumber(dimension);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  /**
   * Reads what {@link #write} wrote; a stranger may have written it.
   *
   * @param artifact for messages
   */
  static SortedMap<String, TensorInfo> parse(Path artifact, Map<String, String> notes)
      throws IOException {
    String text = notes.getOrDefault(TENSORS, "");
    var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    SortedMap<String, TensorInfo> tensors = new TreeMap<>();
    long total = 0;
    try (StrictJson json = new StrictJson(artifact, "note " + TENSORS, bytes)) {
      json.expect(JsonToken.START_OBJECT, "the note " + TENSORS + " must be a JSON object");
      for (String name = json.nextKey(); name != null; name = json.nextKey()) {
        TensorInfo info = tensor(json, name);
        total += info.byteLength();
        if (total < 0 || total > MAX_ADAPTER_BYTES) {
          throw json.bad("the note " + TENSORS + " describes an adapter of more than 16 GiB");
        }
        tensors.put(name, info);
      }
      json.expectEnd();
    }
    return tensors;
  }

  private static TensorInfo tensor(StrictJson json, String name) throws IOException {
    String rule =
        "the note %s must hold a type and dimensions for tensor %s"
            .formatted(TENSORS, BadInputException.quote(name));
    json.expect(JsonToken.START_ARRAY, rule);
    json.expect(JsonToken.VALUE_STRING, rule);
    DType dtype = DType.of(json.text()).orElseThrow(() -> json.bad(rule));
    List<Long> dimensions = new ArrayList<>();
    while (json.next() == JsonToken.VALUE_NUMBER_INT && json.isLong()) {
      dimensions.add(json.longValue());
      if (dimensions.size() > Shape.MAX_RANK) {
        throw json.bad(rule);
      }
    }
    if (!json.isArrayEnd()) {
      throw json.bad(rule);
    }
    try {
      Shape shape = Shape.of(dimensions.stream().mapToLong(Long::longValue).toArray());
      return new TensorInfo(name, dtype, shape);
    } catch (IllegalArgumentException e) {
      throw json.bad("tensor " + BadInputException.quote(name) + ": " + e.getMessage());
    }
  }
}
