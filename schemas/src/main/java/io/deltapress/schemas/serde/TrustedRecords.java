package io.deltapress.schemas.serde;

import io.deltapress.schemas.BaseStatus;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro trusts no class by its name unless told to, not even generated ones, and then builders
 * cannot copy a record that holds an enum or another record. This tells it about the records of the
 * wire contract and takes nothing back that others allow or forbid.
 */
public final class TrustedRecords {
  private static final String PACKAGE = BaseStatus.class.getPackageName();

  static {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> type.getPackageName().equals(PACKAGE)));
  }

  private TrustedRecords() {}

  /**
   * Makes {@code newBuilder(record)} work in this process; every serde and connection has called
   * it.
   */
  public static void install() {
    // Loading the class has done it, once.
  }
}
