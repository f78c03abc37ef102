package io.deltapress.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deltapress.djl.edit.Editors;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.EditPolicy;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy as people write it: JSON with the words of the command line, such as {@code
 * darex-q}. What is absent has a default; a key that is none is an error, since a misspelt limit
 * would silently not hold.
 */
final class PolicyFile {
  private static final List<String> KEYS =
      List.of(
          "method",
          "pruneRates",
          "values",
          "rescale",
          "calibration",
          "canaries",
          "largestDrop",
          "whenUnmeasured",
          "edits");
  private static final List<String> CANARY_KEYS = List.of("name", "tasks", "sha256", "metric");
  private static final List<String> EDIT_KEYS =
      List.of(
          "editor",
          "preserve",
          "largestBatch",
          "window",
          "mostLive",
          "largestDrop",
          "whenUnmeasured");
  private static final List<Double> LADDER = List.of(0.99, 0.95, 0.9, 0.0);
  private static final double LARGEST_DROP = 0.01;
  private static final int LARGEST_BATCH = 16;
  private static final int MOST_LIVE = 200;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Path file;

  private PolicyFile(Path file) {
    this.file = file;
  }

  /** The policy in a file; scope, author and time are the caller's to set. */
  static Policy.Builder read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(file, "no such file; --file names a JSON file");
    }
    return new PolicyFile(file).policy(Files.readAllBytes(file));
  }

  /** A constant of the wire contract as people write it, such as {@code output-change}. */
  static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Policy.Builder policy(byte[] bytes) throws IOException {
    JsonNode root = tree(bytes);
    requireKeys(root, "a policy", KEYS);
    return Policy.newBuilder()
        .setMethod(constant(root, "method", CompressionMethod.DARE))
        .setPruneRates(pruneRates(root.path("pruneRates")))
        .setValues(constant(root, "values", ValueCode.EXACT))
        .setRescale(constant(root, "rescale", RescaleStrategy.GIVEN))
        .setCalibrationLocation(text(root, "calibration"))
        .setCanaries(canaries(root.path("canaries")))
        .setLargestDrop(largestDrop(root.path("largestDrop")))
        .setWhenUnmeasured(constant(root, "whenUnmeasured", WhenUnmeasured.REJECT))
        .setEdits(edits(root.path("edits")));
  }

  private @Nullable EditPolicy edits(JsonNode node) throws BadInputException {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isObject()) {
      throw BadInputException.of(file, "edits must be an object");
    }
    requireKeys(node, "edits", EDIT_KEYS);
    String editor = text(node, "editor");
    return EditPolicy.newBuilder()
        .setEditor(editor == null ? Editors.LASTING : editor)
        .setPreservedLocation(text(node, "preserve"))
        .setLargestBatch(Math.toIntExact(whole(node, "largestBatch", LARGEST_BATCH)))
        .setWindow(whole(node, "window", 0))
        .setMostLive(Math.toIntExact(whole(node, "mostLive", MOST_LIVE)))
        .setLargestDrop(largestDrop(node.path("largestDrop")))
        .setWhenUnmeasured(constant(node, "whenUnmeasured", WhenUnmeasured.REJECT))
        .build();
  }

  private long whole(JsonNode node, String key, long otherwise) throws BadInputException {
    JsonNode value = node.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw BadInputException.of(file, key + " must be a whole number");
    }
    return value.intValue();
  }

  private JsonNode tree(byte[] bytes) throws IOException {
    try {
      JsonNode root = JSON.readTree(bytes);
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw BadInputException.of(file, "not JSON: " + e.getOriginalMessage());
    }
    throw BadInputException.of(file, "not a JSON object; begin with {");
  }

  private void requireKeys(JsonNode node, String what, List<String> allowed)
      throws BadInputException {
    for (Iterator<String> keys = node.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!allowed.contains(key)) {
        throw BadInputException.of(
            file,
            "\"%s\" is no key of %s: use %s"
                .formatted(Printable.of(key), what, String.join(", ", allowed)));
      }
    }
  }

  private <E extends Enum<E>> E constant(JsonNode node, String key, E otherwise)
      throws BadInputException {
    String given = text(node, key);
    if (given == null) {
      return otherwise;
    }
    List<E> known =
        Arrays.stream(otherwise.getDeclaringClass().getEnumConstants())
            .filter(constant -> !constant.name().equals("UNKNOWN"))
            .toList();
    return known.stream()
        .filter(constant -> spelled(constant).equals(given))
        .findFirst()
        .orElseThrow(
            () ->
                BadInputException.of(
                    file,
                    "%s \"%s\" is unknown: use %s"
                        .formatted(
                            key,
                            Printable.of(given),
                            known.stream()
                                .map(PolicyFile::spelled)
                                .collect(Collectors.joining(", ")))));
  }

  private @Nullable String text(JsonNode node, String key) throws BadInputException {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw BadInputException.of(file, key + " must be a string");
    }
    return value.textValue();
  }

  private List<Double> pruneRates(JsonNode node) throws BadInputException {
    if (node.isMissingNode()) {
      return LADDER;
    }
    List<Double> rates = new ArrayList<>();
    for (JsonNode rate : node) {
      rates.add(number(rate, "pruneRates"));
    }
    if (!node.isArray()) {
      throw BadInputException.of(file, "pruneRates must be a list of numbers, highest first");
    }
    return rates;
  }

  private double largestDrop(JsonNode node) throws BadInputException {
    return node.isMissingNode() ? LARGEST_DROP : number(node, "largestDrop");
  }

  private double number(JsonNode node, String key) throws BadInputException {
    if (!node.isNumber()) {
      throw BadInputException.of(file, key + " must hold numbers");
    }
    return node.doubleValue();
  }

  private List<Canary> canaries(JsonNode node) throws BadInputException {
    if (!node.isMissingNode() && !node.isArray()) {
      throw BadInputException.of(file, "canaries must be a list of objects");
    }
    List<Canary> canaries = new ArrayList<>();
    for (JsonNode canary : node) {
      requireKeys(canary, "a canary", CANARY_KEYS);
      canaries.add(
          Canary.newBuilder()
              .setName(required(canary, "name"))
              .setTaskLocation(required(canary, "tasks"))
              .setSha256(text(canary, "sha256"))
              .setMetric(constant(canary, "metric", CanaryMetric.EXACT_MATCH))
              .build());
    }
    return canaries;
  }

  private String required(JsonNode canary, String key) throws BadInputException {
    String text = text(canary, key);
    if (text == null) {
      throw BadInputException.of(file, "a canary has no " + key + "; give it one");
    }
    return text;
  }
}
