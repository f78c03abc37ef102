package io.deltapress.djl.memory;

/** A device was asked for that the tensor engine does not see. */
public final class UnavailableDeviceException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  UnavailableDeviceException(String message) {
    super(message);
  }

  UnavailableDeviceException(String device, int gpus) {
    super(
        "device %s: the tensor engine sees %s; choose cpu or auto, or give it a PyTorch built for"
                .formatted(device, gpus == 0 ? "no GPU" : "%d GPU(s)".formatted(gpus))
            + " CUDA (engine/djl/doc/gpu.md)");
  }

  UnavailableDeviceException(String device, String used) {
    super(
        "device %s: this process computes on %s already; choose the device before the first model"
                .formatted(device, used)
            + " is loaded");
  }
}
