package io.deltapress.djl.memory;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class WithoutGradientsTest {

  @Test
  void shouldSwitchRecordingOffAndBackWhenTheThreadRecords()
      throws InterruptedException, ExecutionException {
    // Given: the engine records on threads that did not start it
    TensorRuntime.engine();
    FutureTask<List<Boolean>> modes = new FutureTask<>(WithoutGradientsTest::modes);

    // When
    new Thread(modes).start();

    // Then
    assertThat(modes.get()).containsExactly(true, false, true);
  }

  private static List<Boolean> modes() {
    boolean before = JniUtils.isGradMode();
    boolean inside;
    try (WithoutGradients off = new WithoutGradients()) {
      inside = JniUtils.isGradMode();
    }
    return List.of(before, inside, JniUtils.isGradMode());
  }
}
