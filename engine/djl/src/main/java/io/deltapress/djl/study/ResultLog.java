package io.deltapress.djl.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Results of a study as they come, one JSON line each, so that a run that was ended goes on where
 * it stopped. Safe for use by several threads of one process.
 *
 * @param <K> what tells results apart
 * @param <V> a result, a record that Jackson reads and writes
 */
public final class ResultLog<K, V> {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  private final Path file;
  private final Function<V, K> key;
  private final Map<K, V> results = new HashMap<>();

  private ResultLog(Path file, Function<V, K> key) {
    this.file = file;
    this.key = key;
  }

  /**
   * Reads what an earlier run left. A last line without its end was cut off by the end of that run,
   * and is forgotten.
   *
   * @param <K> what tells results apart
   * @param <V> a result
   * @param file may be absent; its directory exists
   * @param type of the results
   * @param key says what tells a result from others
   * @return what is in the file, ready for more
   * @throws BadInputException when a line is no result
   * @throws IOException when the file cannot be read
   */
  public static <K, V> ResultLog<K, V> open(Path file, Class<V> type, Function<V, K> key)
      throws IOException {
    ResultLog<K, V> log = new ResultLog<>(file, key);
    if (Files.exists(file)) {
      String text = Files.readString(file);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      int number = 0;
      for (String line : whole.lines().toList()) {
        number++;
        log.remember(read(file, number, line, type));
      }
      if (whole.length() < text.length()) {
        Files.writeString(file, whole);
      }
    }
    return log;
  }

  private static <V> V read(Path file, int number, String line, Class<V> type)
      throws BadInputException {
    try {
      return JSON.readValue(line, type);
    } catch (JsonProcessingException e) {
      throw BadInputException.of(
          file,
          "line %d: not a result of this version's study; delete the file, or give another --out"
              .formatted(number));
    }
  }

  private void remember(V result) {
    results.put(key.apply(result), result);
  }

  /**
   * Finds a result.
   *
   * @param wanted its key
   * @return the result, if there is one already
   */
  public synchronized Optional<V> find(K wanted) {
    return Optional.ofNullable(results.get(wanted));
  }

  /**
   * Adds a result at the end of the file.
   *
   * @param result what was measured
   * @throws IOException when the file cannot be written
   */
  public synchronized void add(V result) throws IOException {
    String line = JSON.writeValueAsString(result) + "\n";
    Files.write(
        file,
        line.getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    remember(result);
  }
}
