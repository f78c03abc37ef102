package io.deltapress.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/** A cluster, the pipeline's processes on it, and a team that sends requests. */
final class ProductUnderTest implements CloseableResource {
  private final Path directory;
  private final Distribution distribution;
  private final Cluster cluster;
  private final Pipeline pipeline;
  private final Requests requests;

  private ProductUnderTest(
      Path directory,
      Distribution distribution,
      Cluster cluster,
      Pipeline pipeline,
      Requests requests) {
    this.directory = directory;
    this.distribution = distribution;
    this.cluster = cluster;
    this.pipeline = pipeline;
    this.requests = requests;
  }

  /**
   * @param name of the directory in which everything lives
   * @param startCluster starts a broker and a registry that live in a directory while they run
   */
  static ProductUnderTest start(String name, BiFunction<Distribution, Path, Cluster> startCluster) {
    try {
      Path work = Path.of(System.getProperty("deltapress.work.directory"));
      Files.createDirectories(work);
      Path directory = Files.createTempDirectory(work, name + "-");
      Distribution distribution = Distribution.unpackInto(directory.resolve("product"));
      Cluster cluster = startCluster.apply(distribution, directory.resolve("cluster"));
      Pipeline pipeline = Pipeline.start(cluster, distribution, directory.resolve("pipeline"));
      Requests requests = new Requests(pipeline.connection(), directory.resolve("digests"));
      return new ProductUnderTest(directory, distribution, cluster, pipeline, requests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For what a scenario writes. */
  Path directory() {
    return directory;
  }

  Distribution distribution() {
    return distribution;
  }

  Cluster cluster() {
    return cluster;
  }

  Pipeline pipeline() {
    return pipeline;
  }

  Requests requests() {
    return requests;
  }

  @Override
  public void close() {
    requests.close();
    pipeline.close();
    cluster.close();
  }
}
