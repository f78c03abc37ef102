package io.deltapress.djl.memory;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/**
 * The one place that starts the tensor engine.
 *
 * <p>One intra-operation thread is used unless the system property {@code
 * ai.djl.pytorch.num_threads} asks for more: results are reproducible to the bit only for a given
 * number of threads, and several threads on busy cores are slower than one.
 */
public final class TensorRuntime {

  private static @Nullable NDManager root;

  private TensorRuntime() {}

  /**
   * Opens a manager of its own; the caller closes it, and with it every array still attached.
   *
   * @return a new manager on this process's device
   * @throws UnavailableDeviceException when a GPU is configured that the engine does not see
   */
  public static NDManager newManager() {
    return root().newSubManager();
  }

  /** The parent of every manager, for counting what is open. */
  static synchronized NDManager root() {
    if (root == null) {
      root = engine().newBaseManager(ComputeDevice.configured().resolve(visibleGpus()));
    }
    return root;
  }

  /**
   * Settles on which device this process computes, whatever is configured otherwise.
   *
   * @param device the device
   * @throws UnavailableDeviceException when the engine does not see it, or this process computes on
   *     another one already
   */
  public static synchronized void use(ComputeDevice device) {
    Device chosen = device.resolve(visibleGpus());
    if (root == null) {
      root = engine().newBaseManager(chosen);
    } else if (!root.getDevice().equals(chosen)) {
      throw new UnavailableDeviceException(device.toString(), nameOf(root.getDevice()));
    }
  }

  /**
   * Says on which device this process computes, which is settled by asking.
   *
   * @return {@code cpu} or {@code gpu:N}
   * @throws UnavailableDeviceException when a GPU is configured that the engine does not see
   */
  public static String device() {
    return nameOf(root().getDevice());
  }

  private static String nameOf(Device device) {
    return device.isGpu() ? "gpu:" + device.getDeviceId() : "cpu";
  }

  /** The driver may list GPUs that the loaded PyTorch was not built for. */
  private static int visibleGpus() {
    return engine().hasCapability(StandardCapabilities.CUDA)
        ? Math.max(1, engine().getGpuCount())
        : 0;
  }

  /**
   * Opens the engine itself, for its gradient collector.
   *
   * @return the started engine
   */
  public static Engine engine() {
    return Started.ENGINE;
  }

  /**
   * Says how many threads one tensor operation uses; part of what a recorded weights digest depends
   * on.
   *
   * @return the number of intra-operation threads
   */
  public static int threads() {
    engine();
    return JniUtils.getNumThreads();
  }

  /**
   * Makes a constant that may take part in a recorded graph.
   *
   * <p>Number operands such as {@code mul(2f)} wrap a Java buffer that is freed before the backward
   * pass reads it; an array made by {@code full} owns its memory.
   *
   * @param manager the owner of the result
   * @param value the constant
   * @return a float32 array of rank 0
   */
  public static NDArray constant(NDManager manager, float value) {
    return manager.full(new Shape(), value, DataType.FLOAT32);
  }

  /**
   * Copies Java numbers into an array that owns its memory and outlives the caller's scope.
   *
   * @param manager the owner of the result
   * @param values the elements, row-major
   * @param shape the result's shape
   * @return a float32 array
   */
  public static NDArray owned(NDManager manager, float[] values, Shape shape) {
    try (NDArray borrowed = manager.create(values, shape)) {
      NDArray copy = borrowed.duplicate();
      NDScope.unregister(copy);
      return copy;
    }
  }

  private static final class Started {
    static final Engine ENGINE = start();

    private Started() {}

    private static Engine start() {
      EngineSettings.apply();
      return Engine.getEngine("PyTorch");
    }
  }
}
