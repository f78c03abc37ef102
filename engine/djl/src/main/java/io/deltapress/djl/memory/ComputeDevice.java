package io.deltapress.djl.memory;

import ai.djl.Device;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where tensors are computed: on the CPU, on one of the GPUs, or wherever it is best.
 *
 * <p>A process computes on one device, which is settled when its first manager is opened: by {@link
 * TensorRuntime#use}, else the system property {@value #PROPERTY}, else the environment variable
 * {@value #VARIABLE}, else automatically.
 */
public final class ComputeDevice {

  /** System property that names the device. */
  public static final String PROPERTY = "deltapress.device";

  /** Environment variable that names the device. */
  public static final String VARIABLE = "DELTAPRESS_DEVICE";

  private static final Pattern GPU = Pattern.compile("gpu:(\\d{1,4})");

  private final String name;
  private final @Nullable Integer gpu;

  private ComputeDevice(String name, @Nullable Integer gpu) {
    this.name = name;
    this.gpu = gpu;
  }

  /**
   * Reads a device's name.
   *
   * @param name {@code auto} (the first GPU if the engine sees one, else the CPU), {@code cpu}, or
   *     {@code gpu:N}, counted from 0
   * @return the device
   * @throws IllegalArgumentException when it is none of these
   */
  public static ComputeDevice of(String name) {
    Matcher matcher = GPU.matcher(name);
    if (matcher.matches()) {
      return new ComputeDevice(name, Integer.valueOf(matcher.group(1)));
    }
    if (name.equals("auto") || name.equals("cpu")) {
      return new ComputeDevice(name, null);
    }
    throw new IllegalArgumentException(
        "device '%s' is unknown; choose auto, cpu or gpu:N".formatted(name));
  }

  /** What property or environment ask for; in a message of our own if that is nonsense. */
  static ComputeDevice configured() {
    String property = System.getProperty(PROPERTY);
    String variable = System.getenv(VARIABLE);
    try {
      return of(property != null ? property : variable != null ? variable : "auto");
    } catch (IllegalArgumentException e) {
      throw new UnavailableDeviceException(e.getMessage());
    }
  }

  /**
   * Finds the engine's device.
   *
   * @param gpus number of GPUs the engine sees
   * @throws UnavailableDeviceException when it does not see the one that is asked for
   */
  Device resolve(int gpus) {
    if (gpu != null && gpu >= gpus) {
      throw new UnavailableDeviceException(name, gpus);
    }
    if (gpu != null) {
      return Device.gpu(gpu);
    }
    return name.equals("auto") && gpus > 0 ? Device.gpu(0) : Device.cpu();
  }

  @Override
  public String toString() {
    return name;
  }
}
