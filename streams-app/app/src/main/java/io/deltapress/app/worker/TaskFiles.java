package io.deltapress.app.worker;

import io.deltapress.djl.evaluate.TaskOverlap;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.ReasonCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The task files that a task of the calibrate lane names, opened with the care locations need. */
final class TaskFiles {
  private static final long LARGEST_BYTES = 256L << 20;

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
   *     the file that is calibrated on or preserved
   */
  static List<CanaryFile> canaries(
      List<Canary> canaries, @Nullable String calibration, TaskSources sources)
      throws IOException, LocationRefusedException, TaskRefusedException {
    TaskOverlap calibrated = calibration == null ? null : overlap(calibration, sources);
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
      if (calibrated != null) {
        requireApart(canary, file, calibrated, calibration, sources);
      }
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

  private static TaskOverlap overlap(String calibration, TaskSources sources)
      throws IOException, LocationRefusedException, TaskRefusedException {
    Path file = file(calibration, sources);
    try {
      return TaskOverlap.with(file);
    } catch (BadInputException e) {
      throw unreadable(e, sources);
    }
  }

  /** Never measure on what was calibrated on: the score would say nothing of other tasks. */
  private static void requireApart(
      Canary canary, Path file, TaskOverlap calibrated, String calibration, TaskSources sources)
      throws IOException, TaskRefusedException {
    int shared;
    try {
      shared = calibrated.countIn(file);
    } catch (BadInputException e) {
      throw unreadable(e, sources);
    }
    if (shared > 0) {
      throw new TaskRefusedException(
          ReasonCode.CALIBRATION_OVERLAPS_CANARY,
          "Task file %s shares %d tasks with canary %s; calibrate on and preserve tasks that nothing is"
                  .formatted(calibration, shared, canary.getName())
              + " measured on");
    }
  }

  private static TaskRefusedException unreadable(BadInputException cause, TaskSources sources) {
    return new TaskRefusedException(
        ReasonCode.INVALID_REQUEST,
        "A task file cannot be read; write one JSON task per line: "
            + sources.concealed(String.valueOf(cause.getMessage())));
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
