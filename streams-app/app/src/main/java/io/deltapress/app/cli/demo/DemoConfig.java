package io.deltapress.app.cli.demo;

import io.deltapress.app.devstack.DevStack;
import io.deltapress.djl.reference.ReferenceModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings that the demo's roles run with, which are also what a command in another process
 * needs.
 *
 * @param values by key
 */
record DemoConfig(Map<String, String> values) {

  static DemoConfig of(
      DevStack stack, Path directory, Path reference, ReferenceModels models, int partitions)
      throws IOException {
    String weights = reference.toRealPath().toString();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("bootstrap.servers", stack.bootstrapServers());
    values.put("schema.registry.url", stack.registryUrl());
    values.put("instance.id", "demo");
    values.put("state.dir", directory.resolve("state").toString());
    values.put("partitions", Integer.toString(partitions));
    values.put("commit.interval.ms", "20");
    values.put("worker.id", "demo-worker");
    values.put("worker.directory", directory.resolve("scratch").toString());
    values.put("store.directory", directory.resolve("store").toString());
    values.put("bases.roots", weights);
    for (ReferenceModels.Tenant tenant : models.tenants()) {
      values.put("sources." + tenant.tenant() + ".roots", weights);
    }
    values.put("follower.host", "demo-host");
    values.put("follower.directory", directory.resolve("served").toString());
    return new DemoConfig(values);
  }

  void write(Path file) throws IOException {
    String lines =
        values.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + escaped(entry.getValue()) + "\n")
            .collect(Collectors.joining());
    Files.writeString(file, "# The demo that runs now; its ports are gone when it ends.\n" + lines);
  }

  /** A backslash begins an escape in a properties file. */
  private static String escaped(String value) {
    return value.replace("\\", "\\\\");
  }
}
