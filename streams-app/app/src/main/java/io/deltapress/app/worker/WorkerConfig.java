package io.deltapress.app.worker;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * Settings of the worker role.
 *
 * @param workerId names this process in results and logs
 * @param slots tasks worked on at once
 * @param scratchDirectory holds what a task writes before it is delivered; emptied at every start
 * @param storeDirectory shared directory for artifacts too large for Kafka, if there is one
 * @param sources where bases and fine-tunes may be read
 * @param chunkBytes size of the chunks an artifact travels in
 * @param closeWait how long closing waits for running tasks before it hands them back
 */
public record WorkerConfig(
    String workerId,
    int slots,
    Path scratchDirectory,
    Optional<Path> storeDirectory,
    Sources sources,
    int chunkBytes,
    Duration closeWait) {

  static final String WORKER_ID = "worker.id";
  static final String SLOTS = "worker.slots";
  static final String DIRECTORY = "worker.directory";
  static final String CLOSE_WAIT_MS = "worker.close.wait.ms";
  static final String STORE_DIRECTORY = "store.directory";
  static final String BASES_ROOTS = "bases.roots";
  static final String CHUNK_BYTES = "chunk.bytes";

  /** The most bytes of a chunk: with its envelope it stays below a broker's default of 1 MB. */
  public static final int MOST_CHUNK_BYTES = 700_000;

  /** Every fixed key of the role; {@link Sources} describes the keys that carry a name. */
  public static final ConfigDef DEFINITION = define();

  private static ConfigDef define() {
    return defineLimits(defineDirectories(new ConfigDef()));
  }

  private static ConfigDef defineDirectories(ConfigDef keys) {
    return keys.define(
            DIRECTORY,
            Type.STRING,
            "work",
            new NonEmptyString(),
            Importance.MEDIUM,
            "Scratch directory for shards being written, one per process. Emptied at every start.")
        .define(
            STORE_DIRECTORY,
            Type.STRING,
            "",
            Importance.HIGH,
            "Directory shared by workers and followers for artifacts too large for Kafka. Empty:"
                + " none, and tasks that need it fail.")
        .define(
            BASES_ROOTS,
            Type.LIST,
            ConfigDef.NO_DEFAULT_VALUE,
            ConfigDef.ValidList.anyNonDuplicateValues(false, false),
            Importance.HIGH,
            "Comma-separated directories below which bases are looked up.");
  }

  private static ConfigDef defineLimits(ConfigDef keys) {
    return keys.define(
            WORKER_ID,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Names the worker in results and logs; empty means the host name.")
        .define(
            SLOTS,
            Type.INT,
            1,
            between(1, 256),
            Importance.HIGH,
            "Tasks worked on at once. Each needs a core and the memory of one shard's blocks.")
        .define(
            CLOSE_WAIT_MS,
            Type.LONG,
            10_000L,
            atLeast(0L),
            Importance.LOW,
            "How long closing lets running tasks finish before it hands them to other workers.")
        .define(
            CHUNK_BYTES,
            Type.INT,
            MOST_CHUNK_BYTES,
            between(1024, MOST_CHUNK_BYTES),
            Importance.LOW,
            "Bytes of an artifact per chunk record; the same for all workers, since chunks of a"
                + " shard published twice replace each other.");
  }

  /**
   * Reads the settings of the role; keys of other roles are left alone.
   *
   * @throws org.apache.kafka.common.config.ConfigException naming the key, its value and the rule
   */
  public static WorkerConfig of(Map<String, ?> properties) {
    AbstractConfig config = new AbstractConfig(DEFINITION, properties, false);
    List<Path> bases = config.getList(BASES_ROOTS).stream().map(Path::of).toList();
    return new WorkerConfig(
        workerId(config.getString(WORKER_ID)),
        config.getInt(SLOTS),
        Path.of(config.getString(DIRECTORY)),
        Optional.of(config.getString(STORE_DIRECTORY)).filter(d -> !d.isBlank()).map(Path::of),
        Sources.of(SourceRoots.of(BASES_ROOTS, bases), properties),
        config.getInt(CHUNK_BYTES),
        Duration.ofMillis(config.getLong(CLOSE_WAIT_MS)));
  }

  private static String workerId(String configured) {
    if (!configured.isBlank()) {
      return configured;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "worker";
    }
  }
}
