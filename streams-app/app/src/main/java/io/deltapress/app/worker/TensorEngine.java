package io.deltapress.app.worker;

import io.deltapress.djl.memory.ComputeDevice;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.UnavailableDeviceException;
import java.util.Optional;

/**
 * Finds out whether models can be run by this process, which loads the native library and settles
 * the device.
 *
 * @param device {@code auto}, {@code cpu} or {@code gpu:N}; {@code auto} leaves the choice to what
 *     the process is started with
 */
record TensorEngine(String device) implements LaneChoice.EngineProbe {

  @Override
  public Optional<String> fault() {
    try {
      if (!device.equals(WorkerConfig.AUTO)) {
        TensorRuntime.use(ComputeDevice.of(device));
      }
      TensorRuntime.newManager().close();
      return Optional.empty();
    } catch (UnavailableDeviceException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) {
      return Optional.of("the tensor engine cannot be loaded (%s)".formatted(e));
    }
  }

  @Override
  public String place() {
    return TensorRuntime.device();
  }
}
