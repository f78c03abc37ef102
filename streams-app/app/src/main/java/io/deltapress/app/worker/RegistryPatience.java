package io.deltapress.app.worker;

import io.deltapress.schemas.serde.RegistryUnavailableException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a schema registry that is away: a task is neither lost nor charged with a delivery
 * because its schema cannot be looked up. The serdes pause between their own tries, so that trying
 * again here is no busy loop.
 */
final class RegistryPatience {
  private static final Logger LOGGER = LoggerFactory.getLogger(RegistryPatience.class);

  private RegistryPatience() {}

  /**
   * @throws InterruptedException if nobody waits any more
   */
  static <T> T patiently(Supplier<T> coding) throws InterruptedException {
    while (true) {
      try {
        return coding.get();
      } catch (RegistryUnavailableException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException(e.getMessage());
        }
        LOGGER.warn("The schema registry is waited for: {}", e.getMessage());
      }
    }
  }
}
