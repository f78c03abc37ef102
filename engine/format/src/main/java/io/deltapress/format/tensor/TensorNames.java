package io.deltapress.format.tensor;

import java.util.Comparator;
import java.util.Optional;

/** What a tensor may be called, and the order of names. */
final class TensorNames {
  /** The key of the header that holds no tensor. */
  static final String METADATA_KEY = "__metadata__";

  /** Longest name in characters; real ones stay below 200. */
  static final int MAX_CHARACTERS = 4096;

  /**
   * Names by code point, which is their order as UTF-8 bytes. {@link String#compareTo} differs for
   * characters outside the basic plane.
   */
  static final Comparator<String> ORDER = TensorNames::compare;

  private TensorNames() {}

  /**
   * The rule that a name breaks, if any. Control characters are refused because names appear in
   * lines that are hashed and in messages of one line; unpaired surrogates have no UTF-8 form.
   */
  static Optional<String> brokenRule(String name) {
    if (name.equals(METADATA_KEY)) {
      return Optional.of("the name is reserved for the metadata of the file");
    }
    if (name.length() > MAX_CHARACTERS) {
      return Optional.of("the name is longer than " + MAX_CHARACTERS + " characters");
    }
    if (name.codePoints().anyMatch(TensorNames::isForbidden)) {
      return Optional.of("the name contains a control character or an unpaired surrogate");
    }
    return Optional.empty();
  }

  private static boolean isForbidden(int codePoint) {
    return Character.isISOControl(codePoint)
        || Character.getType(codePoint) == Character.SURROGATE
        || codePoint == 0x2028
        || codePoint == 0x2029;
  }

  private static int compare(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // A surrogate stands for a code point above every character of the basic plane.
        int planes = Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
        return planes != 0 ? planes : Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
