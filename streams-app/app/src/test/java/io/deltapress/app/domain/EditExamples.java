package io.deltapress.app.domain;

import static io.deltapress.app.domain.Examples.NOON;

import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.EditPolicy;
import io.deltapress.schemas.EditProbe;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.WhenUnmeasured;
import java.util.List;

/** Requests about edits of the small world. */
public final class EditExamples {
  public static final RequestSource EDIT_SOURCE =
      new RequestSource("deltapress.edits.requested", 1, 7);
  public static final RequestSource CONTROL_SOURCE =
      new RequestSource("deltapress.versions.control", 1, 8);

  private EditExamples() {}

  /** An edit with a prompt of its own. */
  public static EditSubmission.Builder edit(String id) {
    return EditSubmission.newBuilder()
        .setEditId(id)
        .setTenant("acme")
        .setModel("router")
        .setPrompt("secret prompt of " + id)
        .setTarget("secret target of " + id)
        .setRephrasings(List.of("secret rephrasing"))
        .setLocality(List.of(new EditProbe("secret neighbour", null)))
        .setPortability(List.of())
        .setRequestedBy("bob")
        .setSubmittedAt(NOON);
  }

  public static ControlRequest.Builder control(String id, ControlAction action) {
    return ControlRequest.newBuilder()
        .setRequestId(id)
        .setTenant("acme")
        .setModel("router")
        .setAction(action)
        .setEditIds(List.of())
        .setReason("because of " + id)
        .setRequestedBy("ops")
        .setSubmittedAt(NOON);
  }

  public static ControlRequest.Builder revert(String id, String... edits) {
    return control(id, ControlAction.REVERT).setEditIds(List.of(edits));
  }

  public static ControlRequest.Builder erase(String id, String... edits) {
    return control(id, ControlAction.ERASE).setEditIds(List.of(edits));
  }

  /** Batches of up to four, no waiting, one canary, one point may be lost. */
  public static EditPolicy.Builder editPolicy() {
    return EditPolicy.newBuilder()
        .setEditor("malmen")
        .setPreservedLocation("tasks/known.jsonl")
        .setLargestBatch(4)
        .setWindow(0)
        .setMostLive(20)
        .setLargestDrop(0.01)
        .setWhenUnmeasured(WhenUnmeasured.REJECT);
  }

  /** {@link Examples#policy} with that for edits. */
  public static Policy policyWith(EditPolicy.Builder edits) {
    return Examples.policy("acme").setEdits(edits.build()).build();
  }
}
