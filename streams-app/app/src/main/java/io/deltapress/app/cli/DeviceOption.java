package io.deltapress.app.cli;

import io.deltapress.djl.memory.ComputeDevice;
import io.deltapress.djl.memory.TensorRuntime;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --device}, for commands that compute with models. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "NAME",
      order = 97,
      description = {
        "Compute on auto (the first GPU if there is one), cpu or gpu:N.",
        "Default: DELTAPRESS_DEVICE of the environment, else auto."
      })
  private @Nullable String device;

  /** Settles the device; to be called before a model is loaded. */
  void use() {
    if (device != null) {
      TensorRuntime.use(parsed(device));
    }
  }

  private static ComputeDevice parsed(String name) {
    try {
      return ComputeDevice.of(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }
}
