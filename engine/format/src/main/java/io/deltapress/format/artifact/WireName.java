package io.deltapress.format.artifact;

import java.util.Arrays;
import java.util.Optional;

/** Something that artifacts name in lower case. */
interface WireName {

  /** The name in artifacts and on the command line. */
  String wireName();

  /** The constant of that name, if there is one. */
  static <E extends Enum<E> & WireName> Optional<E> find(Class<E> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.wireName().equals(name))
        .findFirst();
  }
}
