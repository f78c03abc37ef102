package io.deltapress.djl.study.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * Something the paper shows, and whether this study shows it too.
 *
 * @param statement what the paper shows
 * @param rule what counts as showing it
 * @param verdict whether the figures do
 * @param evidence the figures, one line per case
 */
public record Claim(String statement, String rule, Verdict verdict, List<String> evidence) {

  /** Makes the list unmodifiable. */
  public Claim {
    evidence = List.copyOf(evidence);
  }

  /** Whether the figures show a claim. */
  public enum Verdict {
    /** In every case. */
    SHOWN("shown"),
    /** In some cases. */
    PARTLY_SHOWN("partly shown"),
    /** In no case. */
    NOT_SHOWN("not shown"),
    /** There is no case to look at. */
    NOT_MEASURED("not measured");

    private final String wireName;

    Verdict(String wireName) {
      this.wireName = wireName;
    }

    /**
     * Gives the words for it.
     *
     * @return lower case
     */
    @JsonValue
    public String wireName() {
      return wireName;
    }

    /**
     * Judges by the number of cases.
     *
     * @param shown in how many it is so
     * @param cases out of how many
     * @return the verdict
     */
    static Verdict of(long shown, long cases) {
      if (cases == 0) {
        return NOT_MEASURED;
      }
      if (shown == cases) {
        return SHOWN;
      }
      return shown == 0 ? NOT_SHOWN : PARTLY_SHOWN;
    }
  }
}
