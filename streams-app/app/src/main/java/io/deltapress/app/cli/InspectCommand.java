package io.deltapress.app.cli;

import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect}: what an artifact, an edit or a checkpoint is. */
@Command(
    name = "inspect",
    description = "Say what an artifact, an edit or a checkpoint holds.",
    sortOptions = false)
final class InspectCommand extends AbstractCommand {
  private static final String FORMAT = "format";
  private static final String ARTIFACT_FORMAT = "deltapress-delta";

  @Parameters(
      index = "0",
      paramLabel = "PATH",
      description = "A safetensors file or a directory of them.")
  private Path path;

  @Option(names = "--tensors", description = "List every tensor.")
  private boolean tensors;

  @Option(
      names = "--digest",
      description = "Compute the weights digest of a checkpoint, which reads all of it.")
  private boolean digest;

  @Mixin private JsonOption json;

  InspectCommand(Shell shell) {
    super(shell);
  }

  @Override
  void run() throws IOException {
    if (Files.isRegularFile(path) && EditArtifact.isOne(path)) {
      EditInspection inspection = EditInspection.of(path);
      json.print(shell(), inspection, inspection.text());
    } else if (isArtifact()) {
      ArtifactInspection inspection = ArtifactInspection.of(path, tensors);
      json.print(shell(), inspection, inspection.text());
    } else {
      CheckpointInspection inspection = inspectCheckpoint();
      json.print(shell(), inspection, inspection.text());
    }
  }

  private CheckpointInspection inspectCheckpoint() throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(path)) {
      String hex = digest ? new Weights(shell()).digest("weights", checkpoint).hex() : null;
      return CheckpointInspection.of(checkpoint, hex, tensors);
    }
  }

  /** Shards of an artifact have no index, so a directory is told by what its first file says. */
  private boolean isArtifact() throws IOException {
    List<Path> files = Files.isDirectory(path) ? safetensorsFiles() : List.of(path);
    if (files.isEmpty()) {
      return false;
    }
    try (Checkpoint first = Checkpoints.open(files.get(0))) {
      return ARTIFACT_FORMAT.equals(first.metadata().get(FORMAT));
    }
  }

  private List<Path> safetensorsFiles() throws IOException {
    try (Stream<Path> children = Files.list(path)) {
      return children.filter(child -> child.toString().endsWith(".safetensors")).sorted().toList();
    }
  }
}
