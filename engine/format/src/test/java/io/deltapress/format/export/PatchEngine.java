package io.deltapress.format.export;

import io.deltapress.format.artifact.Pair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What an engine does with a patch. */
final class PatchEngine {
  private PatchEngine() {}

  /** The weights with a patch written over them. */
  static Map<String, byte[]> overwrite(Map<String, byte[]> base, Path file) throws IOException {
    Map<String, byte[]> patch = Pair.read(file);
    Map<String, byte[]> weights = new TreeMap<>(base);
    for (String stored : patch.keySet()) {
      if (!stored.endsWith(".val")) {
        continue;
      }
      String name = stored.substring(0, stored.length() - 4);
      byte[] indices = patch.get(name + ".idx");
      byte[] values = patch.get(stored);
      weights.put(name, indices == null ? values : overwrite(weights.get(name), indices, values));
    }
    return weights;
  }

  private static byte[] overwrite(byte[] tensor, byte[] indices, byte[] values) {
    byte[] changed = tensor.clone();
    ByteBuffer positions = ByteBuffer.wrap(indices).order(ByteOrder.LITTLE_ENDIAN);
    int count = indices.length / Integer.BYTES;
    int width = count == 0 ? 0 : values.length / count;
    for (int i = 0; i < count; i++) {
      System.arraycopy(values, i * width, changed, positions.getInt() * width, width);
    }
    return changed;
  }
}
