package io.deltapress.format.artifact;

import java.io.IOException;

/** Takes the bytes of a result in order. */
@FunctionalInterface
interface ResultSink {
  /**
   * @param bytes reused afterwards
   * @param length how many of them count
   */
  void accept(byte[] bytes, int length) throws IOException;
}
