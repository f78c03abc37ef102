package io.deltapress.follower.materialise;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a follower hands the edits of a version to whatever serves it. */
public enum EditForm {
  /** An adapter directory of Hugging Face PEFT beside the foundation: kilobytes, no copy. */
  PEFT_LORA("peft-lora"),
  /** The positions of the foundation that change, with their new values. */
  OVERWRITE_PATCH("overwrite-patch"),
  /** A checkpoint of its own, with the edits in it: as large as the model, written every time. */
  CHECKPOINT("checkpoint");

  private final String configName;

  EditForm(String configName) {
    this.configName = configName;
  }

  /** Its name in settings and in {@code version.json}. */
  public String configName() {
    return configName;
  }

  /** The form of that name, if there is one. */
  public static Optional<EditForm> of(String configName) {
    return Arrays.stream(values()).filter(form -> form.configName.equals(configName)).findFirst();
  }

  /** All names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(EditForm::configName).toList();
  }
}
