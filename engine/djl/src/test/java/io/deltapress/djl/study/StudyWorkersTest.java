package io.deltapress.djl.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyWorkersTest {

  @TempDir private Path directory;

  @Test
  void shouldDoWhatAJobLeavesToDoBeforeAllElse() throws IOException {
    // Given
    List<String> done = new ArrayList<>();
    StudyWorkers.Job first =
        bench -> {
          done.add("first");
          return List.of(job(done, "then"), job(done, "and then"));
        };

    // When
    workers(1).run(List.of(first, job(done, "last")));

    // Then
    assertThat(done).containsExactly("first", "then", "and then", "last");
  }

  @Test
  void shouldNeverRunTwoExclusiveJobsAtOnce() throws IOException {
    // Given
    AtomicInteger running = new AtomicInteger();
    List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
    List<StudyWorkers.Job> jobs = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      jobs.add(
          StudyWorkers.Job.exclusive(
              bench -> {
                seen.add(running.incrementAndGet());
                seen.add(running.get());
                running.decrementAndGet();
                return List.of();
              }));
    }

    // When
    workers(3).run(jobs);

    // Then
    assertThat(seen).hasSize(100).containsOnly(1);
  }

  @Test
  void shouldPassOverAnExclusiveJobWhileAnotherRuns() throws IOException {
    // Given
    CountDownLatch other = new CountDownLatch(1);
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    StudyWorkers.Job waiting =
        StudyWorkers.Job.exclusive(
            bench -> {
              awaitQuietly(other);
              done.add("exclusive");
              return List.of();
            });
    StudyWorkers.Job releasing =
        bench -> {
          done.add("other");
          other.countDown();
          return List.of();
        };

    // When
    workers(2)
        .run(List.of(waiting, StudyWorkers.Job.exclusive(job(done, "next exclusive")), releasing));

    // Then
    assertThat(done).containsExactly("other", "exclusive", "next exclusive");
  }

  @Test
  void shouldEndWithTheFirstFailureAndStartNothingMore() {
    // Given
    List<String> done = new ArrayList<>();
    StudyWorkers.Job failing =
        bench -> {
          throw new IOException("broken");
        };

    // When
    assertThatThrownBy(() -> workers(1).run(List.of(failing, job(done, "never"))))
        // Then
        .isInstanceOf(IOException.class)
        .hasMessage("broken");
    assertThat(done).isEmpty();
  }

  private StudyWorkers workers(int threads) {
    DigestCache digests = new DigestCache(directory);
    return new StudyWorkers(
        threads, worker -> new Bench(directory.resolve(worker + ".safetensors"), digests));
  }

  private static StudyWorkers.Job job(List<String> done, String name) {
    return bench -> {
      done.add(name);
      return List.of();
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
