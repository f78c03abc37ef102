package io.deltapress.app.cli;

import io.deltapress.app.cli.client.Entry;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.TopicReader;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code watch}: events as they happen. */
@Command(
    name = "watch",
    description =
        "Print events as they happen, until Ctrl-C; with --json one JSON document per line.",
    sortOptions = false)
final class WatchCommand extends ClientCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TENANT/MODEL",
      description = "Events of this model only. Default: all.")
  private @Nullable String model;

  @Option(names = "--from-beginning", description = "Start with the oldest event there is.")
  private boolean fromBeginning;

  WatchCommand(Shell shell) {
    super(shell);
  }

  @Override
  void checkArguments() {
    if (model != null) {
      Models.parse(model);
    }
  }

  @Override
  void run(PipelineClient client) {
    ModelKey wanted = model == null ? null : Models.parse(model);
    try (TopicReader<RegistryEvent> events = client.open(Topics.REGISTRY_EVENTS)) {
      if (!fromBeginning) {
        events.fromEnd();
      }
      shell().note("watching " + (wanted == null ? "all models" : wanted) + " (Ctrl-C stops)");
      while (!shell().stop().requested()) {
        for (Entry<RegistryEvent> entry : events.poll()) {
          if (wanted == null || entry.key().equals(wanted.toString())) {
            print(entry.value());
          }
        }
      }
    }
  }

  private void print(RegistryEvent event) {
    if (json().wanted()) {
      JsonDocument.printLine(shell().out(), EventDocument.of(event));
    } else {
      shell().out().println(EventLine.of(event));
    }
  }
}
