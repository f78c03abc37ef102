package io.deltapress.app.cli;

import picocli.CommandLine.Option;

/** {@code --requested-by}: every request says who asks. */
final class RequesterOption {
  @Option(
      names = "--requested-by",
      paramLabel = "WHO",
      defaultValue = "${sys:user.name}",
      description = "Who asks, for the record. Default: ${DEFAULT-VALUE}.")
  private String name;

  String name() {
    return name;
  }
}
