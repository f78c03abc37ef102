package io.deltapress.app.cli;

import io.deltapress.app.config.TopologyConfig;
import io.deltapress.app.setup.PipelineSetup;
import io.deltapress.app.setup.SetupSummary;
import io.deltapress.app.setup.TopicLayout;
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code setup}: what roles expect to find. */
@Command(
    name = "setup",
    description =
        "Create topics, settings of share groups and schemas; run again it adds what is missing.",
    sortOptions = false)
final class SetupCommand extends AbstractCommand {
  @Mixin private ConfigOption config;
  @Mixin private JsonOption json;

  SetupCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException, InterruptedException {
    Settings settings = patient(config.load(shell()));
    RoleKeys.check(settings);
    TopologyConfig topology = settings.parse(TopologyConfig::of);
    Connection connection = settings.connection();
    TopicLayout layout = new TopicLayout(topology.partitions(), topology.replicationFactor());
    SetupSummary summary = new PipelineSetup(connection, layout).run();
    summary.differences().forEach(difference -> shell().note("note: " + difference));
    Document document =
        new Document(
            connection.toString(),
            summary.created(),
            summary.present(),
            summary.registered(),
            summary.differences());
    json.print(shell(), document, document.text());
  }

  /** Kafka's own patience is a minute, too long for somebody who mistyped an address. */
  private static Settings patient(Settings settings) {
    return settings
        .withDefault("kafka.default.api.timeout.ms", "20000")
        .withDefault("kafka.request.timeout.ms", "10000");
  }

  private record Document(
      String pipeline,
      List<String> createdTopics,
      List<String> presentTopics,
      List<String> registeredSchemas,
      List<String> differences) {

    String text() {
      return new TextTable()
          .row("pipeline", pipeline)
          .row("topics", createdTopics.size() + " created, " + presentTopics.size() + " present")
          .row("schemas", registeredSchemas.size() + " registered")
          .text();
    }
  }
}
