package io.deltapress.app.cli;

import io.deltapress.app.config.KnownKeys;
import io.deltapress.app.config.TenantTopics;
import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.worker.Sources;
import io.deltapress.app.worker.WorkerConfig;
import io.deltapress.follower.FollowerConfig;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.client.ConnectionKeys;
import java.util.List;
import java.util.regex.Pattern;

/** One file configures all roles, so the keys of all of them are known to each. */
final class RoleKeys {
  private static final KnownKeys KNOWN =
      KnownKeys.of(TopologyConfig.DEFINITION, WorkerConfig.DEFINITION, FollowerConfig.DEFINITION)
          .and(
              List.of(
                  ConnectionKeys.BOOTSTRAP_SERVERS,
                  ConnectionKeys.REGISTRY_URL,
                  ConnectionKeys.TOPIC_PREFIX,
                  ConnectionKeys.AUTO_REGISTER_SCHEMAS))
          .andShape(Pattern.compile(Pattern.quote(ConnectionKeys.KAFKA) + ".+"))
          .andShape(Pattern.compile(Pattern.quote(ConnectionKeys.REGISTRY) + ".+"))
          .andShape(TenantTopics.Kind.DELTAS.key())
          .andShape(TenantTopics.Kind.EDITS.key())
          .andShape(TenantTopics.Kind.CONTROLS.key())
          .andShape(Sources.KEY);

  private RoleKeys() {}

  /** Fails on a key that no role knows. */
  static void check(Settings settings) throws BadInputException {
    settings.parse(
        values -> {
          KNOWN.check(values);
          return values;
        });
  }
}
