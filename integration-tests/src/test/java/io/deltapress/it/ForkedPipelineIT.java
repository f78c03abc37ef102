package io.deltapress.it;

import java.nio.file.Path;

/** Every scenario against processes of this machine. */
final class ForkedPipelineIT extends PipelineScenarios {
  @Override
  Cluster startCluster(Distribution product, Path directory) {
    return ForkedCluster.start(product, directory);
  }
}
