package io.deltapress.app.cli;

import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.app.cli.client.SubmissionWatch;
import io.deltapress.schemas.EditOutcome;
import io.deltapress.schemas.RegistryEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Shows what becomes of some submissions, one line per event, until all of them have ended. */
final class SubmissionProgress {
  private final Shell shell;
  private final Set<String> submissionIds;
  private final Map<String, EditOutcome> edits = new HashMap<>();

  SubmissionProgress(Shell shell, Collection<String> submissionIds) {
    this.shell = shell;
    this.submissionIds = Set.copyOf(submissionIds);
  }

  /** How each of them ended. */
  Map<String, SubmissionOutcome> await(SubmissionWatch watch) {
    Map<String, SubmissionOutcome> ended = new HashMap<>();
    while (!ended.keySet().containsAll(submissionIds)) {
      shell.stop().check();
      watch.poll(this::show, ended::put);
    }
    return ended;
  }

  /** What was measured of those that are edits. */
  Map<String, EditOutcome> edits() {
    return Map.copyOf(edits);
  }

  private void show(RegistryEvent event) {
    if (event.getSubmissionId() != null && submissionIds.contains(event.getSubmissionId())) {
      shell.note(EventLine.of(event));
      if (event.getEdit() != null) {
        edits.put(event.getSubmissionId(), event.getEdit());
      }
    }
  }
}
