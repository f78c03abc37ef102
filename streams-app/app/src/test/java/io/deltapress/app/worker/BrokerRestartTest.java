package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltapress.app.devstack.EmbeddedBroker;
import io.deltapress.schemas.BaseCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slot that works while its broker goes and comes back. */
class BrokerRestartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path brokerDirectory;
  private EmbeddedBroker broker;

  @BeforeEach
  void startBroker() throws IOException {
    broker = EmbeddedBroker.start(brokerDirectory);
  }

  @AfterEach
  void stopBroker() throws IOException {
    broker.close();
  }

  @Test
  void shouldFinishTaskAndTakeNextWhenBrokerRestarts() throws Exception {
    try (BrokerLane lane = BrokerLane.create(broker.bootstrapServers(), "restart.")) {
      // Given
      lane.ensureGroup();
      lane.lockFor(Duration.ofSeconds(2));
      lane.issue("long", new BaseCheck("0", "nowhere"));
      ConcurrentLinkedQueue<Long> worked = new ConcurrentLinkedQueue<>();
      CountDownLatch started = new CountDownLatch(1);
      CountDownLatch finish = new CountDownLatch(1);
      Closing closing = new Closing();
      Thread slot =
          new Thread(
              new ShareSlot(
                  lane.member("slot"),
                  lane.lane(),
                  taskRecord -> {
                    started.countDown();
                    finish.await();
                    worked.add(taskRecord.offset());
                    return Settlement.ACCEPTED;
                  },
                  Executors.newSingleThreadExecutor(),
                  () -> {},
                  closing));
      slot.start();
      started.await();

      // When
      restartBroker();
      finish.countDown();
      lane.issue("next", new BaseCheck("0", "nowhere"));

      // Then
      await().atMost(PATIENCE).until(() -> worked.contains(0L) && worked.contains(1L));
      closing.request(PATIENCE);
      slot.join(PATIENCE.toMillis());
      assertThat(slot.isAlive()).isFalse();
    }
  }

  private void restartBroker() throws IOException {
    String address = broker.bootstrapServers();
    broker.close();
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    broker = EmbeddedBroker.start(brokerDirectory, port, Map.of());
  }
}
