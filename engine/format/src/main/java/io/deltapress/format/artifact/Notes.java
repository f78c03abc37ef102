package io.deltapress.format.artifact;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What people should know of an artifact, by a short key; nothing depends on it. */
public final class Notes {
  /** Longest note, in characters. */
  public static final int MAX_CHARACTERS = 1 << 20;

  private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  private Notes() {}

  /**
   * Checks notes.
   *
   * @return an unmodifiable copy
   * @throws IllegalArgumentException if a note is too long or its key is not 1 to 63 of {@code a-z
   *     0-9 . _ -}
   */
  public static SortedMap<String, String> checked(Map<String, String> notes) {
    notes.forEach(Notes::require);
    return Collections.unmodifiableSortedMap(new TreeMap<>(notes));
  }

  private static void require(String key, String text) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("'" + key + "' is no key of a note");
    }
    if (text.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "the note " + key + " is longer than " + MAX_CHARACTERS + " characters");
    }
  }
}
