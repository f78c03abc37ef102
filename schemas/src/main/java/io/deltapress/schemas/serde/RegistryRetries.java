package io.deltapress.schemas.serde;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the registry again while its failures may pass. */
final class RegistryRetries {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryRetries.class);

  private final RetryPolicy policy;

  RegistryRetries(RetryPolicy policy) {
    this.policy = policy;
  }

  /**
   * Returns the registry's answer.
   *
   * @throws RestClientException when the registry has answered that it does not have or does not
   *     take what was asked
   * @throws RegistryUnavailableException when it has not answered within the policy's patience
   */
  <A> A ask(String purpose, Question<A> question) throws RestClientException {
    long start = System.nanoTime();
    for (int failures = 1; ; failures++) {
      try {
        return question.ask();
      } catch (IOException e) {
        pauseOrGiveUp(purpose, start, failures, e);
      } catch (RestClientException e) {
        if (RegistryAnswer.of(e) != RegistryAnswer.TROUBLE) {
          throw e;
        }
        pauseOrGiveUp(purpose, start, failures, e);
      }
    }
  }

  private void pauseOrGiveUp(String purpose, long start, int failures, Exception cause) {
    long pauseNanos = policy.pauseAfter(failures).toNanos();
    if (System.nanoTime() - start + pauseNanos > policy.patience().toNanos()) {
      throw unavailable(purpose, failures, cause);
    }
    if (failures == 1) {
      LOG.warn("The schema registry cannot {} ({}); asking again.", purpose, cause.toString());
    }
    try {
      pause(pauseNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(purpose, failures, cause);
    }
  }

  /** Waits on what nobody counts down, which unlike parking never returns early. */
  private static void pause(long nanos) throws InterruptedException {
    boolean counted = new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
    assert !counted;
  }

  private static RegistryUnavailableException unavailable(
      String purpose, int failures, Exception cause) {
    return new RegistryUnavailableException(
        "The schema registry could not %s in %d attempts (%s): check that it runs and is reachable."
            .formatted(purpose, failures, cause),
        cause);
  }

  /** One question to the registry. */
  interface Question<A> {
    A ask() throws IOException, RestClientException;
  }
}
