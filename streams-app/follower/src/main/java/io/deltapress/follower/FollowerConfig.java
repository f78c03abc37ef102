package io.deltapress.follower;

import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import io.deltapress.follower.follow.Backoff;
import io.deltapress.follower.follow.FollowedModels;
import io.deltapress.follower.materialise.EditForm;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/**
 * Settings of the follower role.
 *
 * @param host names this follower in {@code serving.status}
 * @param directory where the models are kept; one process at a time
 * @param models which models are followed
 * @param basesRoots directories below which bases are looked up
 * @param storeDirectory directory of the file store, if this host has it
 * @param keepVersions versions of a model to keep besides the served one
 * @param edits how edits are handed on to what serves
 * @param retries pauses between attempts to load a version
 */
public record FollowerConfig(
    String host,
    Path directory,
    FollowedModels models,
    List<Path> basesRoots,
    Optional<Path> storeDirectory,
    int keepVersions,
    EditForm edits,
    Backoff retries) {

  static final String HOST = "follower.host";
  static final String DIRECTORY = "follower.directory";
  static final String MODELS = "follower.models";
  static final String KEEP_VERSIONS = "follower.keep.versions";
  static final String EDITS = "follower.edits";
  static final String RETRY_MS = "follower.retry.ms";
  static final String RETRY_MAX_MS = "follower.retry.max.ms";
  static final String BASES_ROOTS = "bases.roots";
  static final String STORE_DIRECTORY = "store.directory";

  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");

  /** Every key of the role. */
  public static final ConfigDef DEFINITION = define();

  public FollowerConfig {
    basesRoots = List.copyOf(basesRoots);
  }

  private static ConfigDef define() {
    return defineLimits(definePlaces(new ConfigDef()));
  }

  private static ConfigDef definePlaces(ConfigDef keys) {
    return keys.define(
            HOST,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Names the follower in serving.status; empty means the host name.")
        .define(
            DIRECTORY,
            Type.STRING,
            "serving",
            new NonEmptyString(),
            Importance.HIGH,
            "Directory for the models, one per process. Its content survives restarts.")
        .define(
            BASES_ROOTS,
            Type.LIST,
            ConfigDef.NO_DEFAULT_VALUE,
            ValidList.anyNonDuplicateValues(false, false),
            Importance.HIGH,
            "Comma-separated directories below which bases are looked up.")
        .define(
            STORE_DIRECTORY,
            Type.STRING,
            "",
            Importance.HIGH,
            "Directory shared by workers and followers for artifacts too large for Kafka. Empty:"
                + " none, and versions that need it fail.");
  }

  private static ConfigDef defineLimits(ConfigDef keys) {
    return keys.define(
            MODELS,
            Type.LIST,
            List.of("*"),
            ValidList.anyNonDuplicateValues(false, false),
            Importance.HIGH,
            "Comma-separated models to follow: * for all, tenant/* or tenant/model.")
        .define(
            KEEP_VERSIONS,
            Type.INT,
            2,
            atLeast(0),
            Importance.MEDIUM,
            "Versions of a model to keep on disk besides the served one, for quick rollbacks.")
        .define(
            EDITS,
            Type.STRING,
            EditForm.PEFT_LORA.configName(),
            ValidString.in(EditForm.names().toArray(String[]::new)),
            Importance.MEDIUM,
            "How edits are handed to what serves: peft-lora, an adapter beside base and delta;"
                + " overwrite-patch, the positions that change; checkpoint, a copy of the model with"
                + " the edits in it, which takes as long as copying a model does.")
        .define(
            RETRY_MS,
            Type.LONG,
            1_000L,
            atLeast(1L),
            Importance.LOW,
            "Pause before a version that could not be loaded is tried again; doubles each time.")
        .define(
            RETRY_MAX_MS,
            Type.LONG,
            300_000L,
            atLeast(1L),
            Importance.LOW,
            "Longest pause before a version that could not be loaded is tried again.");
  }

  /**
   * Reads the settings of the role; keys of other roles are left alone.
   *
   * @throws ConfigException naming the key, its value and the rule
   */
  public static FollowerConfig of(Map<String, ?> properties) {
    AbstractConfig config = new AbstractConfig(DEFINITION, properties, false);
    return new FollowerConfig(
        host(config.getString(HOST)),
        Path.of(config.getString(DIRECTORY)),
        models(config.getList(MODELS)),
        config.getList(BASES_ROOTS).stream().map(Path::of).toList(),
        Optional.of(config.getString(STORE_DIRECTORY)).filter(d -> !d.isBlank()).map(Path::of),
        config.getInt(KEEP_VERSIONS),
        EditForm.of(config.getString(EDITS)).orElseThrow(),
        new Backoff(
            Duration.ofMillis(config.getLong(RETRY_MS)),
            Duration.ofMillis(config.getLong(RETRY_MAX_MS))));
  }

  private static FollowedModels models(List<String> patterns) {
    try {
      return FollowedModels.of(patterns);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(MODELS, String.join(",", patterns), e.getMessage());
    }
  }

  private static String host(String configured) {
    if (configured.isBlank()) {
      return localHost();
    }
    if (!HOST_NAME.matcher(configured).matches() || configured.contains("..")) {
      throw new ConfigException(
          HOST, configured, "a host has 1 to 253 letters, digits, dots, dashes or underscores");
    }
    return configured;
  }

  private static String localHost() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      return HOST_NAME.matcher(name).matches() ? name : "follower";
    } catch (UnknownHostException e) {
      return "follower";
    }
  }
}
