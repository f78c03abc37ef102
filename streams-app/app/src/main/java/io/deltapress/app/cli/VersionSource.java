package io.deltapress.app.cli;

import picocli.CommandLine;

/** The version as the build wrote it into the manifest of this jar. */
final class VersionSource implements CommandLine.IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"deltapress " + version()};
  }

  static String version() {
    String version = VersionSource.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
