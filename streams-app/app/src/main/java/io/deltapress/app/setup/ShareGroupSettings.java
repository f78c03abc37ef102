package io.deltapress.app.setup;

import io.deltapress.schemas.topic.ShareGroup;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** The settings of share groups, which a broker keeps also for groups that have no member yet. */
final class ShareGroupSettings {
  private final Admin admin;
  private final String prefix;

  ShareGroupSettings(Admin admin, String prefix) {
    this.admin = admin;
    this.prefix = prefix;
  }

  void apply() throws ExecutionException, InterruptedException {
    Map<ConfigResource, Collection<AlterConfigOp>> settings = new HashMap<>();
    for (ShareGroup group : ShareGroup.all()) {
      settings.put(
          new ConfigResource(ConfigResource.Type.GROUP, group.id(prefix)), operations(group));
    }
    admin.incrementalAlterConfigs(settings).all().get();
  }

  private static Collection<AlterConfigOp> operations(ShareGroup group) {
    return group.configs().entrySet().stream()
        .map(
            config ->
                new AlterConfigOp(
                    new ConfigEntry(config.getKey(), config.getValue()), AlterConfigOp.OpType.SET))
        .toList();
  }
}
