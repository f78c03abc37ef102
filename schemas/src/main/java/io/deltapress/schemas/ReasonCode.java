package io.deltapress.schemas;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why a request was rejected or ended as a dead letter. The name is the wire form; a code is never
 * renamed.
 */
public enum ReasonCode {
  UNKNOWN_BASE_REFUSED("the base was refused when a worker checked it"),
  INVALID_NAME(
      "a tenant, model or submission id has characters or a length that names may not have"),
  INVALID_REQUEST("a value of the request is missing or out of range"),
  TENANT_NOT_ALLOWED("the topic the request came from may not name this tenant"),
  DUPLICATE_SUBMISSION("a request with this submission id was accepted before"),
  VERSION_CONFLICT("the head is not the version that the request expects"),
  POLICY_MISSING("the request leaves its method to a policy and no policy covers its model"),
  GATE_FAILED("the model lost more than its policy allows at every rung of the ladder"),
  GATE_UNMEASURED("the gate could not be measured and the policy does not let that pass"),
  CALIBRATION_OVERLAPS_CANARY("the file that q is fitted on shares tasks with what is measured"),
  SUPERSEDED("a newer delta of the same model arrived before this one was published"),
  BASE_DIGEST_MISMATCH("the base's weights do not have the digest that was claimed"),
  FINE_TUNED_DIGEST_MISMATCH("the fine-tuned weights do not have the digest that was claimed"),
  LOCATION_NOT_ALLOWED("a location is not below the roots configured for the tenant, or not there"),
  UNREADABLE_WEIGHTS("a checkpoint breaks a rule of its format"),
  TENSOR_MISSING("the fine-tuned checkpoint lacks a tensor of the base"),
  NON_FINITE_RESULT("a result would be infinite or not a number"),
  UNDECODABLE_RECORD("a record's bytes are not what its topic promises"),
  TASK_QUARANTINED("a task ended the workers that tried it and is not tried again"),
  TASK_DEADLINE_EXCEEDED("no worker answered a task in time, in any attempt"),
  WORKER_ERROR("a worker failed for a reason of its own"),
  STORE_UNAVAILABLE("an object store could not be reached"),
  BASE_UNAVAILABLE("a base is not where its registration says"),
  INTEGRITY_MISMATCH("bytes do not have the digest they are known by"),
  UNSUPPORTED_REQUEST("the request asks for something this release cannot do"),
  EDITS_NOT_ALLOWED("no policy that covers the model says how its edits are made"),
  NO_VERSION("the model has no version that could be edited"),
  TOO_MANY_EDITS("the model has as many live edits as its policy allows"),
  EDIT_INEFFECTIVE("the edit was computed and the model still does not give its answer"),
  EDIT_REFUSED("the edit could not be computed, for a reason that lies in its request"),
  EDIT_GATE_FAILED("with the edit the model lost more than its policy allows"),
  EDIT_REPLACED("a later edit of the same prompt took its place"),
  EDIT_LOST("the edit no longer holds and could not be made again"),
  UNKNOWN_EDIT("the model has no such edit"),
  UNKNOWN_VERSION("the model has no such version"),
  VERSION_REVOKED("the version was revoked and is never served again"),
  NOTHING_TO_DO("what the request asks for is so already, or has nothing to act on"),
  CANCELLED("a person cancelled the request before it was carried out"),
  REVERTED("a person took the edit back"),
  ERASED("a person had the edit and its text erased");

  private final String meaning;

  ReasonCode(String meaning) {
    this.meaning = meaning;
  }

  /** The code of a wire form, empty for a code of another release. */
  public static Optional<ReasonCode> of(String wireForm) {
    return Arrays.stream(values()).filter(code -> code.name().equals(wireForm)).findFirst();
  }

  /** One sentence, without a full stop, that says what happened. */
  public String meaning() {
    return meaning;
  }
}
