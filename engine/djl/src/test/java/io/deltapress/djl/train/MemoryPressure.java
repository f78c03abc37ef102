package io.deltapress.djl.train;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Frees every unreachable direct buffer and writes NaN over what it held. */
final class MemoryPressure implements Runnable {

  private static final int COLLECTIONS = 2;
  private static final int BUFFERS = 2000;

  @Override
  public void run() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      overwriteFreedMemory();
    }
  }

  private static void overwriteFreedMemory() {
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < BUFFERS; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4 << (i % 6)).order(ByteOrder.nativeOrder());
      while (buffer.remaining() >= Float.BYTES) {
        buffer.putFloat(Float.NaN);
      }
      buffers.add(buffer);
    }
  }
}
