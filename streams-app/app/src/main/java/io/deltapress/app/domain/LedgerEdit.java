package io.deltapress.app.domain;

import io.deltapress.schemas.EditEntry;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An edit in the ledger of its model, one record each.
 *
 * @param order its place among the edits and commands of its model, given once
 * @param position its place in the list of the version; 0 while it is queued
 * @param artifact its shift; null while it is queued, and where the edit was true already
 * @param since the version from which on it holds; 0 while it is queued
 * @param candidate what became of it in a rebuild that is not published yet; null outside of one
 */
public record LedgerEdit(
    int order,
    EditRequest request,
    Instant acceptedAt,
    Standing standing,
    int position,
    @Nullable KeptArtifact artifact,
    int since,
    @Nullable Candidate candidate) {

  /** Where an edit stands. */
  public enum Standing {
    /** Accepted and not in a version yet. */
    QUEUED,
    /** In the list of the head, or true there without an artifact. */
    LIVE,
    /** In the delta of the head, into which it was folded. */
    FOLDED,
    /** In an earlier version that may be served again. */
    RETIRED
  }

  /**
   * What a rebuild made of a live edit.
   *
   * @param lost why it is lost; null if it holds
   * @param computed whether the rebuild computed it anew
   */
  public record Candidate(
      int position, @Nullable KeptArtifact artifact, @Nullable Refusal lost, boolean computed) {}

  static LedgerEdit queued(int order, EditRequest request, Instant now) {
    return new LedgerEdit(order, request, now, Standing.QUEUED, 0, null, 0, null);
  }

  String id() {
    return request.submissionId();
  }

  boolean is(Standing one) {
    return standing == one;
  }

  /** Whether it takes effect in the head, be it in the list, without an artifact or folded in. */
  boolean isInEffect() {
    return standing == Standing.LIVE || standing == Standing.FOLDED;
  }

  /** Whether it is in the list that a rebuild has come to. */
  boolean isHeldByRebuild() {
    return candidate != null && candidate.lost() == null;
  }

  LedgerEdit live(int place, @Nullable KeptArtifact shift, int version) {
    return new LedgerEdit(order, request, acceptedAt, Standing.LIVE, place, shift, version, null);
  }

  LedgerEdit at(Standing next) {
    return new LedgerEdit(order, request, acceptedAt, next, position, artifact, since, null);
  }

  /** The same at another place in the list. */
  LedgerEdit placed(int place) {
    return new LedgerEdit(order, request, acceptedAt, standing, place, artifact, since, candidate);
  }

  LedgerEdit with(@Nullable Candidate next) {
    return new LedgerEdit(order, request, acceptedAt, standing, position, artifact, since, next);
  }

  /** It as it stands in a version; empty without an artifact. */
  Optional<EditEntry> entry() {
    return Optional.ofNullable(artifact).map(shift -> shift.toEntry(id()));
  }

  /** It as it will stand in the version that a rebuild makes; empty without an artifact. */
  Optional<EditEntry> candidateEntry() {
    return Optional.ofNullable(Objects.requireNonNull(candidate, id()).artifact())
        .map(shift -> shift.toEntry(id()));
  }
}
