package io.deltapress.format.edit;

import io.deltapress.format.artifact.Notes;
import io.deltapress.format.tensor.WeightsDigest;
import java.util.Collections;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * What an edit artifact says of itself.
 *
 * @param editId the edit: 1 to 128 of {@code A-Z a-z 0-9 . _ : -}, the first a letter or a digit
 * @param parent weights digest of the foundation, the checkpoint without any edit
 * @param method the editor that computed it, such as {@code mend} or {@code ultraedit}: 1 to 63 of
 *     {@code a-z 0-9 -}; for people, nothing depends on it
 * @param notes for people, by key
 */
public record EditIdentity(
    String editId, WeightsDigest parent, String method, SortedMap<String, String> notes) {
  private static final Pattern EDIT_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");
  private static final Pattern METHOD = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /**
   * @throws IllegalArgumentException if a text breaks its rule
   */
  public EditIdentity {
    if (!EDIT_ID.matcher(editId).matches()) {
      throw new IllegalArgumentException(
          "'" + editId + "' is no edit id: 1 to 128 of A-Z a-z 0-9 . _ : - are allowed");
    }
    if (!METHOD.matcher(method).matches()) {
      throw new IllegalArgumentException("'" + method + "' is no name of an editing method");
    }
    notes = Notes.checked(notes);
  }

  /** An edit of which people need to know no more. */
  public static EditIdentity of(String editId, WeightsDigest parent, String method) {
    return new EditIdentity(editId, parent, method, Collections.emptySortedMap());
  }

  /** Whether a text can be the id of an edit. */
  public static boolean isEditId(String text) {
    return EDIT_ID.matcher(text).matches();
  }

  static boolean isMethod(String text) {
    return METHOD.matcher(text).matches();
  }
}
