package io.deltapress.app.config;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the topology role.
 *
 * @param applicationId consumer group, transactional ids and names of internal topics start with it
 * @param instanceId identity of this process as a static member of the group
 * @param stateDirectory where the stores live on disk
 * @param streamThreads threads that process partitions
 * @param partitions partitions of the internal topics and of {@code work.results}
 * @param replicationFactor replicas of the internal topics
 * @param artifactInlineMaxBytes artifacts up to this estimate travel as chunks, others as objects
 * @param shardBytes most base bytes one shard covers, unless a single tensor is larger
 * @param windows how many tasks may be in flight at once
 * @param taskDeadline how long a task may go unanswered before it is issued again
 * @param calibrateDeadline the same for tasks of the calibrate lane
 * @param editDeadline the same for tasks of the edit lane
 * @param defaultEditor computes edits of models whose policy does not say how; null refuses them
 * @param taskAttempts how often a task is issued before its submission becomes a dead letter
 * @param taskBackoff pause after a first failure; doubles with each further one
 * @param commitInterval how often a transaction ends, the larger part of the latency of a hop
 * @param sessionTimeout how long a silent member keeps its partitions
 * @param tenants which topics may name which tenant
 */
public record TopologyConfig(
    String applicationId,
    String instanceId,
    Path stateDirectory,
    int streamThreads,
    int partitions,
    short replicationFactor,
    long artifactInlineMaxBytes,
    long shardBytes,
    Windows windows,
    Duration taskDeadline,
    Duration calibrateDeadline,
    Duration editDeadline,
    @Nullable String defaultEditor,
    int taskAttempts,
    Duration taskBackoff,
    Duration commitInterval,
    Duration sessionTimeout,
    TenantTopics tenants) {

  /** Tasks in flight: of one delta, of one tenant in a partition, and of all in a partition. */
  public record Windows(int delta, int tenant, int lane) {}

  static final String APPLICATION_ID = "application.id";
  static final String INSTANCE_ID = "instance.id";
  static final String STATE_DIR = "state.dir";
  static final String STREAM_THREADS = "stream.threads";
  static final String PARTITIONS = "partitions";
  static final String REPLICATION_FACTOR = "replication.factor";
  static final String ARTIFACT_INLINE_MAX_BYTES = "artifact.inline.max.bytes";
  static final String SHARD_BYTES = "shard.bytes";
  static final String WINDOW_DELTA = "window.delta";
  static final String WINDOW_TENANT = "window.tenant";
  static final String WINDOW_LANE = "window.lane";
  static final String TASK_DEADLINE_MS = "task.deadline.ms";
  static final String CALIBRATE_DEADLINE_MS = "task.calibrate.deadline.ms";
  static final String EDIT_DEADLINE_MS = "task.edit.deadline.ms";
  static final String DEFAULT_EDITOR = "edits.default.editor";
  static final String TASK_ATTEMPTS = "task.attempts";
  static final String TASK_BACKOFF_MS = "task.backoff.ms";
  static final String COMMIT_INTERVAL_MS = "commit.interval.ms";
  static final String SESSION_TIMEOUT_MS = "session.timeout.ms";

  private static final long MEBIBYTE = 1L << 20;

  /** Every fixed key of the role; {@link TenantTopics} describes the keys that carry a name. */
  public static final ConfigDef DEFINITION = define();

  private static ConfigDef define() {
    return defineLimits(defineIdentity(new ConfigDef()));
  }

  private static ConfigDef defineIdentity(ConfigDef keys) {
    return keys.define(
            APPLICATION_ID,
            ConfigDef.Type.STRING,
            "deltapress",
            new ConfigDef.NonEmptyString(),
            Importance.HIGH,
            "Name of the application: its consumer group, its transactional ids and its internal"
                + " topics start with it. Changing it starts an empty application.")
        .define(
            INSTANCE_ID,
            ConfigDef.Type.STRING,
            "",
            Importance.HIGH,
            "Identity of this process among the instances of the application. It must be the same"
                + " after a restart and different for each instance; empty means the host name.")
        .define(
            STATE_DIR,
            ConfigDef.Type.STRING,
            "state",
            new ConfigDef.NonEmptyString(),
            Importance.MEDIUM,
            "Directory of the local stores. What is lost here is restored from changelog topics.")
        .define(
            STREAM_THREADS,
            ConfigDef.Type.INT,
            1,
            between(1, 64),
            Importance.MEDIUM,
            "Threads that process partitions.")
        .define(
            PARTITIONS,
            ConfigDef.Type.INT,
            6,
            between(1, 1024),
            Importance.HIGH,
            "Partitions of the internal topics and of work.results, which must have the same"
                + " number. It cannot be changed once the application has run.")
        .define(
            REPLICATION_FACTOR,
            ConfigDef.Type.INT,
            1,
            between(1, Short.MAX_VALUE),
            Importance.HIGH,
            "Replicas of the internal topics; 3 where brokers may fail.");
  }

  private static ConfigDef defineLimits(ConfigDef keys) {
    return keys.define(
            ARTIFACT_INLINE_MAX_BYTES,
            ConfigDef.Type.LONG,
            64 * MEBIBYTE,
            atLeast(0L),
            Importance.MEDIUM,
            "Artifacts estimated up to this size travel as chunks on Kafka, larger ones as objects"
                + " in the store.")
        .define(
            SHARD_BYTES,
            ConfigDef.Type.LONG,
            256 * MEBIBYTE,
            atLeast(1L),
            Importance.MEDIUM,
            "Most bytes of base weights that one shard covers. A larger tensor is a shard of its"
                + " own.")
        .define(
            WINDOW_DELTA,
            ConfigDef.Type.INT,
            8,
            atLeast(1),
            Importance.MEDIUM,
            "Tasks of one delta in flight at once.")
        .define(
            WINDOW_TENANT,
            ConfigDef.Type.INT,
            16,
            atLeast(1),
            Importance.MEDIUM,
            "Tasks of one tenant in flight at once, per partition.")
        .define(
            WINDOW_LANE,
            ConfigDef.Type.INT,
            32,
            atLeast(1),
            Importance.MEDIUM,
            "Tasks of one lane in flight at once, per partition.")
        .define(
            TASK_DEADLINE_MS,
            ConfigDef.Type.LONG,
            900_000L,
            atLeast(1L),
            Importance.MEDIUM,
            "Time after which a task without an answer is issued again.")
        .define(
            CALIBRATE_DEADLINE_MS,
            ConfigDef.Type.LONG,
            3_600_000L,
            atLeast(1L),
            Importance.MEDIUM,
            "The same for tasks of the calibrate lane, which run models and take longer.")
        .define(
            EDIT_DEADLINE_MS,
            ConfigDef.Type.LONG,
            600_000L,
            atLeast(1L),
            Importance.MEDIUM,
            "The same for tasks of the edit lane, which load a model when they come to it first.")
        .define(
            DEFAULT_EDITOR,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "Editor for models whose policy does not say how edits are made: a name such as"
                + " whitened, or where a trained editor lies. Without a policy its edits are"
                + " published unmeasured; empty rejects them.")
        .define(
            TASK_ATTEMPTS,
            ConfigDef.Type.INT,
            3,
            atLeast(1),
            Importance.MEDIUM,
            "Times a task is issued before its submission ends as a dead letter.")
        .define(
            TASK_BACKOFF_MS,
            ConfigDef.Type.LONG,
            1_000L,
            atLeast(0L),
            Importance.LOW,
            "Pause before a failed task is issued again; doubles with each further failure.")
        .define(
            COMMIT_INTERVAL_MS,
            ConfigDef.Type.LONG,
            50L,
            between(1L, 30_000L),
            Importance.MEDIUM,
            "How often a transaction ends. A submission crosses several hops and waits for one"
                + " commit at each.")
        .define(
            SESSION_TIMEOUT_MS,
            ConfigDef.Type.INT,
            10_000,
            between(1_000, 1_800_000),
            Importance.LOW,
            "Silence after which another instance takes over the partitions of this one.");
  }

  /**
   * Reads the settings of the role; keys of other roles are left alone.
   *
   * @throws org.apache.kafka.common.config.ConfigException naming the key, its value and the rule
   */
  public static TopologyConfig of(Map<String, ?> properties) {
    AbstractConfig config = new AbstractConfig(DEFINITION, properties, false);
    return new TopologyConfig(
        config.getString(APPLICATION_ID),
        instanceId(config.getString(INSTANCE_ID)),
        Path.of(config.getString(STATE_DIR)),
        config.getInt(STREAM_THREADS),
        config.getInt(PARTITIONS),
        config.getInt(REPLICATION_FACTOR).shortValue(),
        config.getLong(ARTIFACT_INLINE_MAX_BYTES),
        config.getLong(SHARD_BYTES),
        windows(config),
        Duration.ofMillis(config.getLong(TASK_DEADLINE_MS)),
        Duration.ofMillis(config.getLong(CALIBRATE_DEADLINE_MS)),
        Duration.ofMillis(config.getLong(EDIT_DEADLINE_MS)),
        defaultEditor(config.getString(DEFAULT_EDITOR)),
        config.getInt(TASK_ATTEMPTS),
        Duration.ofMillis(config.getLong(TASK_BACKOFF_MS)),
        Duration.ofMillis(config.getLong(COMMIT_INTERVAL_MS)),
        Duration.ofMillis(config.getInt(SESSION_TIMEOUT_MS)),
        TenantTopics.of(properties));
  }

  private static Windows windows(AbstractConfig config) {
    return new Windows(
        config.getInt(WINDOW_DELTA), config.getInt(WINDOW_TENANT), config.getInt(WINDOW_LANE));
  }

  private static @Nullable String defaultEditor(String configured) {
    return configured.isBlank() ? null : configured.strip();
  }

  private static String instanceId(String configured) {
    if (!configured.isBlank()) {
      return configured;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "topology";
    }
  }
}
