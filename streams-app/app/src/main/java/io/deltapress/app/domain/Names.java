package io.deltapress.app.domain;

import io.deltapress.schemas.topic.ModelKey;
import java.util.regex.Pattern;

/** What names may look like; they become keys, paths and labels. */
public final class Names {
  private static final Pattern SUBMISSION_ID =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private Names() {}

  /** 1 to 63 of {@code a-z 0-9 . _ -}, ends alphanumeric, without {@code ..}. */
  public static boolean isTenantOrModel(String name) {
    return ModelKey.isValidName(name);
  }

  /** 1 to 128 of {@code A-Z a-z 0-9 . _ -}, ends alphanumeric, without {@code ..}. */
  static boolean isSubmissionId(String id) {
    return SUBMISSION_ID.matcher(id).matches() && !id.contains("..");
  }

  /** A SHA-256 in lower-case hexadecimal. */
  static boolean isDigest(String digest) {
    return DIGEST.matcher(digest).matches();
  }

  /** A name as it may appear in a message: without control characters, at most 80 characters. */
  static String forMessage(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= 80 ? clean : clean.substring(0, 77) + "...";
  }
}
