package io.deltapress.app.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShareSlotTest {
  /** Renewed every twentieth of a second. */
  private static final int SHORT_LOCK_MS = 100;

  /** No work here comes near it, on however busy a machine: nothing is renewed. */
  private static final int LONG_LOCK_MS = 600_000;

  private final Closing closing = new Closing();
  private final Gate gate = new Gate();
  private ScriptedShareConsumer consumer = new ScriptedShareConsumer(SHORT_LOCK_MS);
  private Thread thread = new Thread(() -> {});

  @AfterEach
  void stop() throws InterruptedException {
    closing.request(Duration.ZERO);
    thread.join(10_000);
  }

  @Test
  void shouldAcceptWhenWorkIsAnswered() {
    // Given
    consumer = new ScriptedShareConsumer(LONG_LOCK_MS);
    consumer.deliver(7, 1, "quick");

    // When
    start();

    // Then
    await().until(() -> consumer.acknowledgements().equals(List.of("7:1 ACCEPT")));
  }

  @Test
  void shouldRejectWhenWorkSaysSo() {
    // Given
    consumer = new ScriptedShareConsumer(LONG_LOCK_MS);
    consumer.deliver(7, 3, "poison");

    // When
    start();

    // Then
    await().until(() -> consumer.acknowledgements().equals(List.of("7:3 REJECT")));
  }

  @Test
  void shouldHandBackWhenAnswerCouldNotBeMadeDurable() {
    // Given
    consumer = new ScriptedShareConsumer(LONG_LOCK_MS);
    consumer.deliver(7, 1, "unanswerable");
    consumer.deliver(8, 1, "quick");

    // When
    start();

    // Then
    await().until(() -> consumer.acknowledgements().equals(List.of("7:1 RELEASE", "8:1 ACCEPT")));
  }

  @Test
  void shouldRenewAndWorkOnceWhenWorkOutlastsLock() {
    // Given
    consumer.deliver(7, 1, "slow");
    start();
    await().until(() -> consumer.acknowledgements().size() >= 3);

    // When
    gate.open("slow");

    // Then
    await().until(() -> consumer.acknowledgements().contains("7:1 ACCEPT"));
    assertThat(consumer.acknowledgements()).startsWith("7:1 RENEW", "7:1 RENEW", "7:1 RENEW");
    assertThat(gate.started("slow")).isOne();
  }

  @Test
  void shouldInterruptWorkWhenItsRecordComesAsAnotherDelivery() {
    // Given
    consumer.deliver(7, 1, "slow");
    start();
    await().until(() -> gate.started("slow") == 1);
    consumer.failNextRenewal(new NotLeaderOrFollowerException("the broker restarts"));
    await().until(consumer::hasFailedRenewal);

    // When
    consumer.deliver(7, 2, "slow");

    // Then
    await().until(() -> gate.interrupted("slow") == 1 && gate.started("slow") == 2);
  }

  @Test
  void shouldGoOnWorkingWhenBrokerRestartBringsSameDeliveryBack() {
    // Given
    consumer.deliver(7, 1, "slow");
    start();
    await().until(() -> gate.started("slow") == 1);
    consumer.failNextRenewal(new NotLeaderOrFollowerException("the broker restarts"));
    await().until(consumer::hasFailedRenewal);

    // When
    consumer.deliver(7, 1, "slow");
    gate.open("slow");

    // Then
    await().until(() -> consumer.acknowledgements().contains("7:1 ACCEPT"));
    assertThat(gate.started("slow")).isOne();
  }

  @Test
  void shouldInterruptWorkWhenRenewalIsRefused() {
    // Given
    consumer.deliver(7, 1, "slow");
    start();
    await().until(() -> gate.started("slow") == 1);

    // When
    consumer.failNextRenewal(new InvalidRecordStateException("somebody else has it"));

    // Then
    await().until(() -> gate.interrupted("slow") == 1);
  }

  @Test
  void shouldFinishRunningWorkWhenClosedWithinWait() throws InterruptedException {
    // Given
    consumer.deliver(7, 1, "slow");
    start();
    await().until(() -> gate.started("slow") == 1);

    // When
    closing.request(Duration.ofSeconds(20));
    gate.open("slow");
    thread.join(10_000);

    // Then
    assertThat(consumer.acknowledgements()).last().isEqualTo("7:1 ACCEPT");
    assertThat(consumer.isClosed()).isTrue();
  }

  @Test
  void shouldHandRunningWorkBackWhenCloseWaitIsOver() throws InterruptedException {
    // Given
    consumer.deliver(7, 1, "slow");
    start();
    await().until(() -> gate.started("slow") == 1);

    // When
    closing.request(Duration.ofMillis(60));
    thread.join(10_000);

    // Then
    assertThat(consumer.acknowledgements()).last().isEqualTo("7:1 RELEASE");
    assertThat(consumer.isClosed()).isTrue();
    await().until(() -> gate.interrupted("slow") == 1);
  }

  @Test
  void shouldLetGoOfWhatWorkKeepsOnlyAfterWorkThatHeedsNoInterruptHasEnded()
      throws InterruptedException {
    // Given
    consumer.deliver(7, 1, "deaf");
    start();
    await().until(() -> gate.started("deaf") == 1);

    // When
    closing.request(Duration.ZERO);
    thread.join(10_000);

    // Then
    assertThat(thread.isAlive()).isFalse();
    await().until(() -> gate.interrupted("deaf") == 1);
    assertThat(gate.releases()).isEmpty();
    gate.open("deaf");
    await().until(() -> gate.releases().equals(List.of("after 0 running")));
  }

  @Test
  void shouldLetGoOfWhatWorkKeepsWhenNothingRuns() {
    // Given
    start();

    // When
    closing.request(Duration.ZERO);

    // Then
    await().until(() -> gate.releases().equals(List.of("after 0 running")));
  }

  private void start() {
    thread =
        new Thread(
            new ShareSlot(
                consumer,
                "lane",
                gate,
                Executors.newSingleThreadExecutor(),
                gate::release,
                closing));
    thread.start();
  }

  /** Work that ends when it is let. */
  private static final class Gate implements RecordProcessor {
    private final CountDownLatch slow = new CountDownLatch(1);
    private final CountDownLatch deaf = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();
    private final List<String> releases = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

    @Override
    public Settlement process(ConsumerRecord<byte[], byte[]> taskRecord)
        throws IOException, InterruptedException {
      String value = new String(taskRecord.value(), UTF_8);
      count("start " + value).incrementAndGet();
      switch (value) {
        case "poison":
          return Settlement.REJECTED;
        case "unanswerable":
          throw new IOException("No answer could be written");
        case "slow":
          awaitOpen(value);
          return Settlement.ACCEPTED;
        case "deaf":
          return deaf();
        default:
          return Settlement.ACCEPTED;
      }
    }

    void open(String value) {
      (value.equals("deaf") ? deaf : slow).countDown();
    }

    void release() {
      releases.add("after " + running.get() + " running");
    }

    List<String> releases() {
      return List.copyOf(releases);
    }

    /** Like native code: notes the interrupt and computes on. */
    private Settlement deaf() {
      running.incrementAndGet();
      while (deaf.getCount() > 0) {
        try {
          deaf.await();
        } catch (InterruptedException e) {
          count("interrupt deaf").incrementAndGet();
        }
      }
      running.decrementAndGet();
      return Settlement.ACCEPTED;
    }

    int started(String value) {
      return count("start " + value).get();
    }

    int interrupted(String value) {
      return count("interrupt " + value).get();
    }

    private void awaitOpen(String value) throws InterruptedException {
      try {
        slow.await();
      } catch (InterruptedException e) {
        count("interrupt " + value).incrementAndGet();
        throw e;
      }
    }

    private AtomicInteger count(String what) {
      return counts.computeIfAbsent(what, w -> new AtomicInteger());
    }
  }
}
