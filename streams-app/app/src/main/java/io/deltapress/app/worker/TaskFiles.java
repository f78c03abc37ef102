package io.deltapress.app.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.ReasonCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The task files that a task of the calibrate lane names, opened with the care locations need. */
final class TaskFiles {
  private static final long LARGEST_BYTES = 256L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What a task asks is its identity; what counts as right, and what its keys are called, is not.
   */
  private static final List<String> ANSWERS = List.of("answer", "label", "score");

  private TaskFiles() {}

  /**
   * A canary whose file was found right.
   *
   * @param sha256 of the file as it is
   */
  record CanaryFile(Canary canary, Path file, String sha256) {}

  /**
   * Opens the canaries of a policy.
   *
   * @throws TaskRefusedException if a file is not the one the policy means, or shares tasks with
   *     the calibration file
   */
  static List<CanaryFile> canaries(
      List<Canary> canaries, @Nullable String calibration, TaskSources sources)
      throws IOException, LocationRefusedException, TaskRefusedException {
    Set<String> calibrated =
        calibration == null ? Set.of() : questions(file(calibration, sources), calibration);
    List<CanaryFile> files = new ArrayList<>();
    for (Canary canary : canaries) {
      Path file = file(canary.getTaskLocation(), sources);
      String sha256 = sha256(file);
      if (canary.getSha256() != null && !canary.getSha256().equals(sha256)) {
        throw new TaskRefusedException(
            ReasonCode.INTEGRITY_MISMATCH,
            "Canary %s at %s has SHA-256 %s and the policy says %s; restore the file or set the policy anew"
                .formatted(canary.getName(), canary.getTaskLocation(), sha256, canary.getSha256()));
      }
      requireApart(canary, file, calibrated, calibration);
      files.add(new CanaryFile(canary, file, sha256));
    }
    return files;
  }

  /**
   * Finds a task file.
   *
   * @throws TaskRefusedException if the location is a directory, or the file is too large
   */
  static Path file(String location, TaskSources sources)
      throws IOException, LocationRefusedException, TaskRefusedException {
    Path file = sources.file(location);
    if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_BYTES) {
      throw new TaskRefusedException(
          ReasonCode.INVALID_REQUEST,
          "Task file %s is no file of at most %d MiB; name a JSONL file"
              .formatted(location, LARGEST_BYTES >> 20));
    }
    return file;
  }

  /** Never measure on what was calibrated on: the score would say nothing of other tasks. */
  private static void requireApart(
      Canary canary, Path file, Set<String> calibrated, @Nullable String calibration)
      throws IOException, TaskRefusedException {
    if (calibrated.isEmpty()) {
      return;
    }
    Set<String> shared = questions(file, canary.getTaskLocation());
    shared.retainAll(calibrated);
    if (!shared.isEmpty()) {
      throw new TaskRefusedException(
          ReasonCode.CALIBRATION_OVERLAPS_CANARY,
          "Calibration file %s shares %d tasks with canary %s; calibrate on tasks that nothing is"
                  .formatted(calibration, shared.size(), canary.getName())
              + " measured on");
    }
  }

  private static Set<String> questions(Path file, String location)
      throws IOException, TaskRefusedException {
    Set<String> questions = new HashSet<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          questions.add(question(line, location, number));
        }
      }
    }
    return questions;
  }

  private static String question(String line, String location, int number)
      throws TaskRefusedException {
    try {
      JsonNode node = JSON.readTree(line);
      if (node instanceof ObjectNode task) {
        List<String> asked = new ArrayList<>();
        task.without(ANSWERS).forEach(value -> asked.add(value.asText()));
        return String.join("\n", asked);
      }
    } catch (JsonProcessingException e) {
      // Told below, with the location in place of the parser's words.
    }
    throw new TaskRefusedException(
        ReasonCode.INVALID_REQUEST,
        "Line %d of task file %s is no JSON object; write one task per line"
            .formatted(number, location));
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
        bytes.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256; this one does not", e);
    }
  }
}
