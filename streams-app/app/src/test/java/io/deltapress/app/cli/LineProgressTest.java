package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LineProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong(-7);
  private final LineProgress progress =
      new LineProgress(
          new PrintStream(err, true, StandardCharsets.UTF_8),
          nanos::get,
          "compress",
          Progress.Unit.BYTES,
          4_000_000);

  @Test
  void shouldSayNothingWhenTheWorkIsShort() {
    // When
    progress.advanced(4_000_000);
    progress.close();

    // Then
    assertThat(lines()).isEmpty();
  }

  @Test
  void shouldPrintOneLinePerIntervalWhenTheWorkIsLong() {
    // Given
    progress.detail("layer 1");

    // When
    for (int i = 0; i < 4; i++) {
      nanos.addAndGet(LineProgress.INTERVAL.toNanos() / 2);
      progress.advanced(1_000_000);
    }

    // Then
    assertThat(lines())
        .containsExactly(
            "compress: 50 % (2 of 4 MB, layer 1)", "compress: 100 % (4 of 4 MB, layer 1)");
  }

  private List<String> lines() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
