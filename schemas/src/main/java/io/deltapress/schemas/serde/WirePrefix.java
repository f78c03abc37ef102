package io.deltapress.schemas.serde;

/** What stands before the Avro bytes: a zero, then the schema's id in four bytes, big-endian. */
final class WirePrefix {
  static final int LENGTH = 5;
  static final byte MAGIC = 0;

  private WirePrefix() {}
}
