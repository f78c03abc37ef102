package io.deltapress.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** Every scenario against the published broker and registry images. */
final class ContainerPipelineIT extends PipelineScenarios {
  @Override
  Cluster startCluster(Distribution product, Path directory) {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "no container engine answers on this machine");
    return ContainerCluster.start();
  }
}
