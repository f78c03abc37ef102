package io.deltapress.app.cli;

import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.app.cli.client.SubmissionWatch;
import io.deltapress.schemas.RegistryEvent;
import java.util.HashMap;
import java.util.Map;

/** Shows what becomes of one submission, one line per event, until it ends. */
final class SubmissionProgress {
  private final Shell shell;
  private final String submissionId;

  SubmissionProgress(Shell shell, String submissionId) {
    this.shell = shell;
    this.submissionId = submissionId;
  }

  SubmissionOutcome await(SubmissionWatch watch) {
    Map<String, SubmissionOutcome> ended = new HashMap<>();
    while (!ended.containsKey(submissionId)) {
      shell.stop().check();
      watch.poll(this::show, ended::put);
    }
    return ended.get(submissionId);
  }

  private void show(RegistryEvent event) {
    if (submissionId.equals(event.getSubmissionId())) {
      shell.note(EventLine.of(event));
    }
  }
}
