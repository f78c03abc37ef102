package io.deltapress.app.worker;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * Settings of the worker role.
 *
 * @param workerId names this process in results and logs
 * @param slots tasks worked on at once
 * @param scratchDirectory holds what a task writes before it is delivered; emptied at every start
 * @param storeDirectory shared directory for artifacts too large for Kafka, if there is one
 * @param sources where bases and fine-tunes may be read
 * @param chunkBytes size of the chunks an artifact travels in
 * @param lanes to join; empty leaves the choice to the worker
 * @param calibrateSlots tasks of the calibrate lane worked on at once
 * @param editSlots tasks of the edit lane worked on at once
 * @param device where models run
 * @param memoryBytes what loaded models may take together
 * @param closeWait how long closing waits for running tasks before it hands them back
 */
public record WorkerConfig(
    String workerId,
    int slots,
    Path scratchDirectory,
    Optional<Path> storeDirectory,
    Sources sources,
    int chunkBytes,
    Set<Lane> lanes,
    int calibrateSlots,
    int editSlots,
    String device,
    long memoryBytes,
    Duration closeWait) {

  static final String WORKER_ID = "worker.id";
  static final String SLOTS = "worker.slots";
  static final String DIRECTORY = "worker.directory";
  static final String CLOSE_WAIT_MS = "worker.close.wait.ms";
  static final String LANES = "worker.lanes";
  static final String CALIBRATE_SLOTS = "worker.calibrate.slots";
  static final String EDIT_SLOTS = "worker.edit.slots";
  static final String DEVICE = "worker.device";
  static final String MEMORY_BYTES = "worker.memory.bytes";
  static final String STORE_DIRECTORY = "store.directory";
  static final String BASES_ROOTS = "bases.roots";
  static final String CHUNK_BYTES = "chunk.bytes";

  static final String AUTO = "auto";
  private static final Pattern DEVICES = Pattern.compile("auto|cpu|gpu:[0-9]{1,3}");

  /** The most bytes of a chunk: with its envelope it stays below a broker's default of 1 MB. */
  public static final int MOST_CHUNK_BYTES = 700_000;

  /** Every fixed key of the role; {@link Sources} describes the keys that carry a name. */
  public static final ConfigDef DEFINITION = define();

  private static ConfigDef define() {
    return defineModels(defineLimits(defineDirectories(new ConfigDef())));
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

  private static ConfigDef defineModels(ConfigDef keys) {
    return keys.define(
            LANES,
            Type.LIST,
            List.of(AUTO),
            ConfigDef.ValidList.in(
                false,
                AUTO,
                Lane.COMPRESS.spelling(),
                Lane.CALIBRATE.spelling(),
                Lane.EDIT.spelling()),
            Importance.HIGH,
            "Lanes to join, any of compress, calibrate and edit; auto joins calibrate and edit,"
                + " which run models, where the tensor engine works. The worker says at start which"
                + " ones it joins and why.")
        .define(
            CALIBRATE_SLOTS,
            Type.INT,
            1,
            between(1, 64),
            Importance.MEDIUM,
            "Tasks of the calibrate lane worked on at once. Each keeps one base loaded.")
        .define(
            EDIT_SLOTS,
            Type.INT,
            1,
            between(1, 64),
            Importance.MEDIUM,
            "Tasks of the edit lane worked on at once. Each keeps the models it edited last"
                + " loaded.")
        .define(
            DEVICE,
            Type.STRING,
            AUTO,
            ConfigDef.LambdaValidator.with(
                (name, value) -> requireDevice(name, String.valueOf(value)),
                () -> "auto, cpu or gpu:N"),
            Importance.MEDIUM,
            "Where models of the calibrate and edit lanes run: auto takes the first GPU if there"
                + " is one.")
        .define(
            MEMORY_BYTES,
            Type.LONG,
            0L,
            atLeast(0L),
            Importance.MEDIUM,
            "Bytes that loaded models may take, all slots together; a larger base is not measured."
                + " 0 means half of the memory of the host or container.");
  }

  /**
   * What one slot of the lanes that run models may take.
   *
   * @param joined lanes this worker is a member of
   */
  long memoryBytesPerSlot(Set<Lane> joined) {
    int running = joined.contains(Lane.CALIBRATE) ? calibrateSlots : 0;
    running += joined.contains(Lane.EDIT) ? editSlots : 0;
    return memoryBytes / Math.max(1, running);
  }

  private static void requireDevice(String name, String device) {
    if (!DEVICES.matcher(device).matches()) {
      throw new ConfigException(name, device, "use auto, cpu or gpu:N");
    }
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
        lanes(config.getList(LANES)),
        config.getInt(CALIBRATE_SLOTS),
        config.getInt(EDIT_SLOTS),
        config.getString(DEVICE),
        config.getLong(MEMORY_BYTES) > 0 ? config.getLong(MEMORY_BYTES) : halfOfHost(),
        Duration.ofMillis(config.getLong(CLOSE_WAIT_MS)));
  }

  private static Set<Lane> lanes(List<String> spelled) {
    Set<Lane> lanes = EnumSet.noneOf(Lane.class);
    for (Lane lane : Lane.values()) {
      if (spelled.contains(lane.spelling())) {
        lanes.add(lane);
      }
    }
    if (spelled.contains(AUTO) && !lanes.isEmpty()) {
      throw new ConfigException(LANES, spelled, "auto stands alone");
    }
    return Collections.unmodifiableSet(lanes);
  }

  /** The management bean knows of the limits of containers. */
  private static long halfOfHost() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean host
        ? host.getTotalMemorySize() / 2
        : Runtime.getRuntime().maxMemory();
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
