package io.deltapress.app.worker;

import io.deltapress.djl.memory.TensorRuntime;
import java.util.Optional;

/** Finds out whether models can be run by this process, which loads the native library. */
record TensorEngine(String device) implements LaneChoice.EngineProbe {

  @Override
  public Optional<String> fault() {
    try {
      TensorRuntime.newManager().close();
      return Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      return Optional.of("the tensor engine cannot be loaded (%s)".formatted(e));
    }
  }
}
