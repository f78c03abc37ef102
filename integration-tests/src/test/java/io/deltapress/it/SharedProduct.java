package io.deltapress.it;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives all classes of scenarios that ask for one kind of cluster the same product: started for the
 * first of them, closed after the last. Every scenario uses a model of its own.
 */
abstract class SharedProduct implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SharedProduct.class);

  /** Starts a broker and a registry that live in {@code directory} while they run. */
  abstract Cluster startCluster(Distribution product, Path directory);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ProductUnderTest.class;
  }

  @Override
  public ProductUnderTest resolveParameter(ParameterContext parameter, ExtensionContext context) {
    String name = getClass().getSimpleName();
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            name, key -> ProductUnderTest.start(key, this::startCluster), ProductUnderTest.class);
  }

  /** On processes of this machine. */
  static final class Forked extends SharedProduct {
    @Override
    Cluster startCluster(Distribution product, Path directory) {
      return ForkedCluster.start(product, directory);
    }
  }

  /** On the published broker and registry images. */
  static final class InContainers extends SharedProduct {
    @Override
    Cluster startCluster(Distribution product, Path directory) {
      return ContainerCluster.start();
    }
  }
}
