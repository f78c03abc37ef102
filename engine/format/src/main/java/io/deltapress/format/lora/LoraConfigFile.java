package io.deltapress.format.lora;

import com.fasterxml.jackson.core.JsonToken;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code adapter_config.json} of Hugging Face PEFT. What would change the delta in a way that
 * is not computed here is refused by its name; fields that have no bearing on it are skipped.
 */
final class LoraConfigFile {
  static final String NAME = "adapter_config.json";

  /** Longest file, in bytes; it is carried as a note in artifacts. */
  static final int MAX_BYTES = 1 << 20;

  /** Most entries of a pattern. */
  private static final int MAX_PATTERNS = 100_000;

  /** Switches that must be off. */
  private static final Set<String> SWITCHES =
      Set.of("use_dora", "lora_bias", "use_qalora", "use_bdlora");

  /** Lists and objects that must be empty. */
  private static final Set<String> EXTENSIONS =
      Set.of(
          "target_parameters",
          "trainable_token_indices",
          "alora_invocation_tokens",
          "layer_replication",
          "arrow_config");

  /**
   * Initialisations after which the base is not what it was, so that its checkpoint does not fit.
   */
  private static final Pattern CHANGES_BASE =
      Pattern.compile("(pissa|olora|corda|loftq|lora_ga).*");

  private static final Pattern LITERAL = Pattern.compile("\\^?[A-Za-z0-9_.-]+");

  private final Path file;
  private final StrictJson json;
  private @Nullable String type;
  private int rank;
  private double alpha = Double.NaN;
  private boolean rankStabilized;
  private boolean inputsFirst;
  private final Map<String, Integer> rankPattern = new LinkedHashMap<>();
  private final Map<String, Double> alphaPattern = new LinkedHashMap<>();

  private LoraConfigFile(Path file, StrictJson json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Parses the text of a configuration.
   *
   * @param file for messages
   */
  static LoraConfig parse(Path file, String text) throws IOException {
    var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    try (StrictJson json = new StrictJson(file, "adapter configuration", bytes)) {
      return new LoraConfigFile(file, json).config();
    }
  }

  private LoraConfig config() throws IOException {
    json.expect(JsonToken.START_OBJECT, "must hold a JSON object");
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      field(key);
    }
    json.expectEnd();
    if (!"LORA".equals(type)) {
      throw BadInputException.of(
          file,
          "peft_type is "
              + (type == null ? "missing" : BadInputException.quote(type))
              + "; only LORA adapters can be used");
    }
    if (rank == 0) {
      throw BadInputException.of(file, "lacks r");
    }
    if (Double.isNaN(alpha)) {
      throw BadInputException.of(file, "lacks lora_alpha");
    }
    return new LoraConfig(rank, alpha, rankStabilized, inputsFirst, rankPattern, alphaPattern);
  }

  private void field(String key) throws IOException {
    JsonToken value;
    switch (key) {
      case "peft_type" -> {
        json.expect(JsonToken.VALUE_STRING, "peft_type must be a string");
        type = json.text();
      }
      case "r" -> {
        json.next();
        rank = rank("r");
      }
      case "lora_alpha" -> {
        json.next();
        alpha = alpha("lora_alpha");
      }
      case "use_rslora" -> rankStabilized = isOn(key);
      case "fan_in_fan_out" -> inputsFirst = isOn(key);
      case "rank_pattern" -> pattern(key, rankPattern, () -> rank(key));
      case "alpha_pattern" -> pattern(key, alphaPattern, () -> alpha(key));
      case "bias" -> {
        value = json.next();
        if (value != JsonToken.VALUE_NULL && !"none".equals(json.text())) {
          throw unsupported("bias", json.text());
        }
      }
      case "init_lora_weights" -> {
        value = json.next();
        if (value == JsonToken.VALUE_STRING && CHANGES_BASE.matcher(json.text()).matches()) {
          throw unsupported(key, json.text());
        }
        requireScalar(key, value);
      }
      default -> other(key);
    }
  }

  private void other(String key) throws IOException {
    if (SWITCHES.contains(key) && isOn(key)) {
      throw unsupported(key, "true");
    } else if (EXTENSIONS.contains(key)) {
      requireEmpty(key);
    } else if (!SWITCHES.contains(key)) {
      json.skipValue();
    }
  }

  private boolean isOn(String key) throws IOException {
    JsonToken value = json.next();
    if (value != JsonToken.VALUE_TRUE
        && value != JsonToken.VALUE_FALSE
        && value != JsonToken.VALUE_NULL) {
      throw json.bad(key + " must be true or false");
    }
    return value == JsonToken.VALUE_TRUE;
  }

  private void requireScalar(String key, @Nullable JsonToken value) throws BadInputException {
    if (value == null || !value.isScalarValue()) {
      throw json.bad(key + " must be true, false or a string");
    }
  }

  private void requireEmpty(String key) throws IOException {
    JsonToken value = json.next();
    if (value == JsonToken.VALUE_NULL) {
      return;
    }
    boolean opens = value == JsonToken.START_ARRAY || value == JsonToken.START_OBJECT;
    JsonToken end = opens ? json.next() : null;
    if (end != JsonToken.END_ARRAY && end != JsonToken.END_OBJECT) {
      throw unsupported(key, "set");
    }
  }

  private interface Read<T> {
    T get() throws IOException;
  }

  private <T> void pattern(String key, Map<String, T> into, Read<T> value) throws IOException {
    JsonToken start = json.next();
    if (start == JsonToken.VALUE_NULL) {
      return;
    }
    if (start != JsonToken.START_OBJECT) {
      throw json.bad(key + " must be an object");
    }
    for (String name = json.nextKey(); name != null; name = json.nextKey()) {
      if (!LITERAL.matcher(name).matches()) {
        throw json.bad(
            key
                + " has the key "
                + BadInputException.quote(name)
                + ", a regular expression; only names of modules are supported");
      }
      json.next();
      into.put(name, value.get());
      if (into.size() > MAX_PATTERNS) {
        throw json.bad(key + " has more than " + MAX_PATTERNS + " entries");
      }
    }
  }

  private int rank(String key) throws IOException {
    if (!json.isLong() || json.longValue() < 1 || json.longValue() > LoraConfig.MAX_RANK) {
      throw json.bad(
          key
              + " must be a whole number from 1 to "
              + LoraConfig.MAX_RANK
              + ", not "
              + BadInputException.quote(json.text()));
    }
    return (int) json.longValue();
  }

  private double alpha(String key) throws IOException {
    if (!json.isNumber() || !Double.isFinite(json.doubleValue())) {
      throw json.bad(key + " must be a number, not " + BadInputException.quote(json.text()));
    }
    return json.doubleValue();
  }

  private BadInputException unsupported(String key, String value) {
    return BadInputException.of(
        file,
        key
            + " = "
            + BadInputException.quote(value)
            + " is not supported; merge the adapter with PEFT and give the merged model");
  }
}
