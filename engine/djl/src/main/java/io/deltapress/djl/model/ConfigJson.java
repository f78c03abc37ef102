package io.deltapress.djl.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A {@code config.json}, read key by key. A key that is absent or null takes its fallback.
 *
 * @param file where it was read from
 * @param root the whole object
 */
record ConfigJson(Path file, JsonNode root) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static ConfigJson read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(
          file, "no such file; give a Hugging Face model directory with its config.json");
    }
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      if (root.isObject()) {
        return new ConfigJson(file, root);
      }
    } catch (JsonProcessingException e) {
      throw BadInputException.of(
          file,
          "not JSON at line %d: give the config.json of a Hugging Face model"
              .formatted(e.getLocation().getLineNr()));
    }
    throw BadInputException.of(file, "must hold one JSON object");
  }

  /** The first of the architectures, as Hugging Face's own loader takes it. */
  String architecture() {
    JsonNode architectures = root.path("architectures");
    return architectures.isArray() && !architectures.isEmpty()
        ? architectures.get(0).asText()
        : "none";
  }

  /** Refuses a variant that is not computed here. */
  void requireDefault(String key, String supported) throws BadInputException {
    JsonNode value = root.path(key);
    if (!isAbsent(key) && !value.asText().equals(supported)) {
      throw notSupported(key, value, supported);
    }
  }

  /** Refuses a list that holds anything but the one supported word. */
  void requireAll(String key, String supported) throws BadInputException {
    for (JsonNode value : root.path(key)) {
      if (!value.asText().equals(supported)) {
        throw notSupported(key, value, supported);
      }
    }
  }

  private BadInputException notSupported(String key, JsonNode value, String supported) {
    return BadInputException.of(
        file, "%s %s is not supported; only %s is".formatted(key, value, supported));
  }

  boolean isAbsent(String key) {
    return root.path(key).isMissingNode() || root.path(key).isNull();
  }

  int integer(String key) {
    JsonNode value = root.path(key);
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw new IllegalArgumentException("key %s must be an integer".formatted(key));
    }
    return value.intValue();
  }

  int integer(String key, int fallback) {
    return isAbsent(key) ? fallback : integer(key);
  }

  /** Newer models list several end tokens; the first one ends an answer here. */
  int firstInteger(String key, int fallback) {
    JsonNode value = root.path(key);
    return value.isArray() && !value.isEmpty() ? value.get(0).intValue() : integer(key, fallback);
  }

  double decimal(String key, double fallback) {
    return isAbsent(key) ? fallback : decimal(key, root.path(key));
  }

  private static double decimal(String key, JsonNode value) {
    if (!value.isNumber()) {
      throw new IllegalArgumentException("key %s must be a number".formatted(key));
    }
    return value.doubleValue();
  }

  boolean flag(String key, boolean fallback) {
    return root.path(key).asBoolean(fallback);
  }
}
