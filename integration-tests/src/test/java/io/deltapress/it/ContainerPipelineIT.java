package io.deltapress.it;

import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;

/** Every scenario against the published broker and registry images. */
@EnabledIf(value = "engineAnswers", disabledReason = "no container engine answers on this machine")
final class ContainerPipelineIT extends PipelineScenarios {
  static boolean engineAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @Override
  Cluster startCluster(Distribution product, Path directory) {
    return ContainerCluster.start();
  }
}
