package io.deltapress.format.artifact;

import java.util.List;

/**
 * Which tensors, or layers, are meant by globs, in which {@code *} stands for any characters and
 * {@code ?} for one.
 */
public final class NameFilter {
  private final List<String> include;
  private final List<String> exclude;

  NameFilter(CompressionSettings settings) {
    this(settings.include(), settings.exclude());
  }

  /**
   * Takes globs over names.
   *
   * @param include globs of the names that are meant; none mean all
   * @param exclude globs of names that are not, even if included
   */
  public NameFilter(List<String> include, List<String> exclude) {
    this.include = include;
    this.exclude = exclude;
  }

  /** Whether a name is meant. */
  public boolean accepts(String name) {
    boolean included = include.isEmpty() || include.stream().anyMatch(glob -> matches(glob, name));
    return included && exclude.stream().noneMatch(glob -> matches(glob, name));
  }

  /** Takes time proportional to both lengths multiplied at worst, whatever a stranger's glob. */
  static boolean matches(String glob, String name) {
    int g = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (g < glob.length() && glob.charAt(g) == '*') {
        star = g++;
        resume = n;
      } else if (g < glob.length() && (glob.charAt(g) == '?' || glob.charAt(g) == name.charAt(n))) {
        g++;
        n++;
      } else if (star >= 0) {
        g = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }
}
