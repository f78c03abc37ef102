package io.deltapress.app.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.ProgressListener;
import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.BaseChecked;
import io.deltapress.schemas.ReasonCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseCheckHandlerTest {
  @TempDir Path host;
  HandlerFixture fixture;
  BaseCheckHandler handler;

  @BeforeEach
  void layOutHost() throws IOException {
    fixture = HandlerFixture.in(host);
    handler = new BaseCheckHandler(new TrustedBase(fixture.digests));
  }

  @Test
  void shouldCountTensorsWhenDigestIsRight() throws Exception {
    try (TaskSources sources = fixture.taskSources()) {
      // Given
      BaseCheck work = new BaseCheck(fixture.baseDigest, "llama");

      // When
      BaseChecked checked = handler.handle(work, sources, ProgressListener.none());

      // Then
      assertThat(checked)
          .isEqualTo(
              new BaseChecked(
                  fixture.baseDigest,
                  3,
                  (long) TestCheckpoints.PARAMETERS,
                  (long) TestCheckpoints.PARAMETERS * Float.BYTES));
    }
  }

  @Test
  void shouldNameBothDigestsWhenBaseHasAnother() {
    try (TaskSources sources = fixture.taskSources()) {
      // Given
      String claimed = "0".repeat(64);
      BaseCheck work = new BaseCheck(claimed, "llama");

      // When / Then
      assertThatThrownBy(() -> handler.handle(work, sources, ProgressListener.none()))
          .isInstanceOfSatisfying(
              TaskRefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(ReasonCode.BASE_DIGEST_MISMATCH))
          .hasMessage(
              "Base at llama has the weights digest %s instead of %s; register it under its own"
                  + " digest or restore its files",
              fixture.baseDigest, claimed);
    }
  }

  @Test
  void shouldNoticeWhenBaseChangesAfterCheck() throws Exception {
    // Given
    BaseCheck work = new BaseCheck(fixture.baseDigest, "llama");
    try (TaskSources sources = fixture.taskSources()) {
      handler.handle(work, sources, ProgressListener.none());
    }

    // When
    TestCheckpoints.fillNorm(fixture.basePath(), 0.125f);

    // Then
    try (TaskSources sources = fixture.taskSources()) {
      assertThatThrownBy(() -> handler.handle(work, sources, ProgressListener.none()))
          .isInstanceOf(TaskRefusedException.class);
    }
  }
}
