package io.deltapress.djl.memory;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Counts every native array that is open under {@link TensorRuntime}. */
public final class ArrayLedger {

  private final Set<String> before = open();

  /** Fails when arrays or managers are open that were not when this ledger was made. */
  public void requireNothingLeft() {
    Set<String> left = open();
    left.removeAll(before);
    if (!left.isEmpty()) {
      throw new AssertionError("%d native resources left open: %s".formatted(left.size(), left));
    }
  }

  /** Adds up the arrays that are open, counting a view like an array of its own. */
  public static long openBytes() {
    return bytes(TensorRuntime.root());
  }

  private static long bytes(NDManager manager) {
    long bytes = 0;
    for (AutoCloseable resource : resources(manager).values()) {
      if (resource instanceof NDManager child) {
        bytes += bytes(child);
      } else if (resource instanceof NDArray array) {
        bytes += array.size() * array.getDataType().getNumOfBytes();
      }
    }
    return bytes;
  }

  private static Set<String> open() {
    Set<String> found = ConcurrentHashMap.newKeySet();
    collect(TensorRuntime.root(), found);
    return new TreeSet<>(found);
  }

  private static void collect(NDManager manager, Set<String> found) {
    resources(manager)
        .forEach(
            (id, resource) -> {
              if (resource instanceof NDManager child) {
                found.add("manager " + child.getName());
                collect(child, found);
              } else if (resource instanceof NDArray array) {
                found.add("array " + array.getUid() + " " + array.getShape());
              }
            });
  }

  /** The engine lists arrays but not managers. */
  @SuppressWarnings("unchecked")
  private static Map<String, AutoCloseable> resources(NDManager manager) {
    try {
      Field field = BaseNDManager.class.getDeclaredField("resources");
      field.setAccessible(true);
      return (Map<String, AutoCloseable>) field.get(manager);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("DJL's BaseNDManager has changed", e);
    }
  }
}
