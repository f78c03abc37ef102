package io.deltapress.app.setup;

import java.util.List;

/**
 * What setup found and did.
 *
 * @param created topics it created
 * @param present topics that were there
 * @param registered subjects under which it registered a schema
 * @param differences one line for each present topic that is not as the catalogue says; setup
 *     leaves such topics alone
 */
public record SetupSummary(
    List<String> created, List<String> present, List<String> registered, List<String> differences) {
  public SetupSummary {
    created = List.copyOf(created);
    present = List.copyOf(present);
    registered = List.copyOf(registered);
    differences = List.copyOf(differences);
  }

  /** Returns whether there was nothing to do. */
  public boolean isUnchanged() {
    return created.isEmpty() && registered.isEmpty();
  }
}
