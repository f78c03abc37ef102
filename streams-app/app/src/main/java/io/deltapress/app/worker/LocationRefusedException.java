package io.deltapress.app.worker;

/**
 * A location of a request that this worker does not open. The message repeats nothing but the
 * request's own text and names below it: what exists on the host outside the roots is none of the
 * requester's business.
 */
public final class LocationRefusedException extends Exception {
  private static final int QUOTED_CHARACTERS = 200;

  LocationRefusedException(String location, String rule) {
    super(oneLine("Location \"%s\" is refused: %s".formatted(shortened(location), rule)));
  }

  private static String shortened(String location) {
    int characters = location.codePointCount(0, location.length());
    return characters <= QUOTED_CHARACTERS
        ? location
        : location.substring(0, location.offsetByCodePoints(0, QUOTED_CHARACTERS)) + "…";
  }

  private static String oneLine(String message) {
    return message.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
  }
}
