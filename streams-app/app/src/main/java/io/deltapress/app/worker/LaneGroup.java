package io.deltapress.app.worker;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to the settings of the share group, which live on the brokers and hold for all its members:
 * with the defaults, tasks of aborted transactions would be run and tasks written before the first
 * worker came would be lost.
 *
 * @param name full name of the group
 * @param settings what the group must have
 */
record LaneGroup(String name, Map<String, String> settings) {
  private static final Logger LOGGER = LoggerFactory.getLogger(LaneGroup.class);

  /**
   * Sets the settings, or at least makes sure that somebody has.
   *
   * @throws IOException with a final message if the group has others and they may not be changed
   */
  void ensure(Admin admin) throws IOException, InterruptedException {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, name);
    Map<String, String> wrong = wrongOnes(admin, group);
    if (wrong.isEmpty()) {
      return;
    }
    try {
      admin.incrementalAlterConfigs(Map.of(group, operations(wrong))).all().get();
      LOGGER.info("Share group {} is given {}", name, wrong);
    } catch (ExecutionException e) {
      throw new IOException(
          ("Share group %s needs %s and does not let this worker set them (%s);"
                  + " have an administrator set them")
              .formatted(name, spell(wrong), e.getCause().getClass().getSimpleName()),
          e);
    }
  }

  private Map<String, String> wrongOnes(Admin admin, ConfigResource group)
      throws IOException, InterruptedException {
    Map<String, String> wrong = new TreeMap<>(settings);
    try {
      Config present = admin.describeConfigs(List.of(group)).all().get().get(group);
      settings.forEach(
          (key, value) -> {
            ConfigEntry entry = present.get(key);
            if (entry != null && value.equals(entry.value())) {
              wrong.remove(key);
            }
          });
    } catch (ExecutionException e) {
      throw new IOException(
          ("Settings of share group %s cannot be read (%s);"
                  + " check bootstrap.servers and the rights of this worker")
              .formatted(name, e.getCause()),
          e);
    }
    return wrong;
  }

  private static Collection<AlterConfigOp> operations(Map<String, String> wrong) {
    return wrong.entrySet().stream()
        .map(
            entry ->
                new AlterConfigOp(
                    new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
        .toList();
  }

  private static String spell(Map<String, String> wrong) {
    return wrong.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
