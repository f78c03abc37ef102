package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import io.deltapress.format.ProgressListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes the digests of tensors and remembers them, so that a base is read once and not for each
 * delta.
 *
 * <p>Remembered per file, under its real path, size, times of modification and of change, and
 * inode: any of them different means the file is read again. A file that changed within the last
 * {@link #SETTLING_TIME} is not remembered, since a further change might leave its times the same.
 * Entries are JSON files replaced atomically; several processes may share a directory, and a
 * corrupt entry counts as none. To check bytes against bit rot use {@link TensorDigest#of}, which
 * always reads them.
 */
public final class DigestCache {
  /** How long a file must have been left alone before its digests are remembered. */
  static final Duration SETTLING_TIME = Duration.ofSeconds(2);

  private static final String DIRECTORY_VARIABLE = "DELTAPRESS_CACHE";

  private final DigestStore store;
  private final Clock clock;

  /** A cache in a directory, which is created when there is something to remember. */
  public DigestCache(Path directory) {
    this(directory, Clock.systemUTC());
  }

  DigestCache(Path directory, Clock clock) {
    this.store = new DigestStore(directory);
    this.clock = clock;
  }

  /** The cache of this user: {@code $DELTAPRESS_CACHE}, else {@code ~/.cache/deltapress}. */
  public static DigestCache standard() {
    String directory = System.getenv(DIRECTORY_VARIABLE);
    if (directory != null && !directory.isBlank()) {
      return new DigestCache(Path.of(directory));
    }
    return new DigestCache(Path.of(System.getProperty("user.home"), ".cache", "deltapress"));
  }

  /** The digest of all weights; see {@link #digests}. */
  public WeightsDigest weightsDigest(Checkpoint checkpoint, ProgressListener progress)
      throws IOException {
    return WeightsDigest.of(digests(checkpoint, progress).values());
  }

  /**
   * The digest of each tensor, by name, sorted by name as UTF-8 bytes.
   *
   * @param progress told of the bytes read, and at once of those that need not be
   * @throws BadInputException if a file changed since the checkpoint was opened
   */
  public SortedMap<String, TensorDigest> digests(Checkpoint checkpoint, ProgressListener progress)
      throws IOException {
    SortedMap<String, TensorDigest> digests = new TreeMap<>(TensorNames.ORDER);
    if (checkpoint instanceof MappedCheckpoint mapped) {
      for (var tensors : byFile(mapped).entrySet()) {
        digests.putAll(digests(tensors.getKey(), tensors.getValue(), progress));
      }
    } else {
      for (String name : checkpoint.tensors().keySet()) {
        digests.put(name, TensorDigest.of(checkpoint.data(name), progress));
      }
    }
    return digests;
  }

  /**
   * The digests that need not be computed, by name: for work on a few tensors of a large
   * checkpoint. Files that are not remembered are left out.
   *
   * @throws BadInputException if a file changed since the checkpoint was opened
   */
  public SortedMap<String, TensorDigest> remembered(Checkpoint checkpoint) throws IOException {
    SortedMap<String, TensorDigest> digests = new TreeMap<>(TensorNames.ORDER);
    if (checkpoint instanceof MappedCheckpoint mapped) {
      for (var tensors : byFile(mapped).entrySet()) {
        List<TensorInfo> infos = tensors.getValue().stream().map(TensorData::info).toList();
        var remembered =
            remembered(FileStamp.of(tensors.getKey().stamp().path()), tensors.getKey(), infos);
        if (remembered != null) {
          digests.putAll(remembered);
        }
      }
    }
    return digests;
  }

  private @Nullable Map<String, TensorDigest> remembered(
      FileStamp now, MappedFile file, List<TensorInfo> infos) {
    return now.sameContent(file.stamp()) ? store.load(now, infos) : null;
  }

  private static Map<MappedFile, List<MappedTensorData>> byFile(MappedCheckpoint checkpoint)
      throws BadInputException {
    Map<MappedFile, List<MappedTensorData>> byFile = new LinkedHashMap<>();
    for (String name : checkpoint.tensors().keySet()) {
      MappedTensorData data = checkpoint.data(name);
      byFile.computeIfAbsent(data.file(), file -> new ArrayList<>()).add(data);
    }
    return byFile;
  }

  private Map<String, TensorDigest> digests(
      MappedFile file, List<MappedTensorData> tensors, ProgressListener progress)
      throws IOException {
    FileStamp before = FileStamp.of(file.stamp().path());
    List<TensorInfo> infos = tensors.stream().map(TensorData::info).toList();
    var remembered = remembered(before, file, infos);
    if (remembered != null) {
      progress.advanced(infos.stream().mapToLong(TensorInfo::byteLength).sum());
      return remembered;
    }
    Map<String, TensorDigest> digests = new HashMap<>();
    for (MappedTensorData tensor : tensors) {
      digests.put(tensor.info().name(), TensorDigest.of(tensor, progress));
    }
    file.requireUnchanged();
    if (isSettled(before) && before.equals(FileStamp.of(before.path()))) {
      store.save(before, digests.values());
    }
    return digests;
  }

  private boolean isSettled(FileStamp stamp) {
    long latest = Math.max(stamp.modifiedNanos(), stamp.changedNanos());
    long now = clock.millis() * 1_000_000;
    return latest + SETTLING_TIME.toNanos() < now;
  }
}
