package io.deltapress.app.domain;

import io.deltapress.app.domain.LedgerEdit.Standing;
import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.VersionCause;
import io.deltapress.schemas.topic.VersionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A decision being made about the edits of one model: what is known of them, with what was decided
 * so far. Lives for one decision.
 */
final class ModelTurn {
  private static final Comparator<LedgerEdit> BY_POSITION =
      Comparator.comparingInt(LedgerEdit::position);

  private final EditFacts facts;
  private final Instant now;
  private final TreeMap<Integer, LedgerEdit> edits = new TreeMap<>();
  private final List<Output> outputs = new ArrayList<>();
  private final List<Decision.Ended> ended = new ArrayList<>();
  private final List<LedgerChange> changes = new ArrayList<>();
  private ModelState model;

  ModelTurn(ModelState model, EditFacts facts, Instant now) {
    this.model = model;
    this.facts = facts;
    this.now = now;
    facts.edits(model.key()).forEach(edit -> edits.put(edit.order(), edit));
  }

  ModelState model() {
    return model;
  }

  EditsState state() {
    return model.edits();
  }

  EditFacts facts() {
    return facts;
  }

  Instant now() {
    return now;
  }

  void become(ModelState next) {
    model = next;
  }

  void become(EditsState next) {
    model = model.with(next);
  }

  void become(@Nullable BatchState next) {
    become(state().with(next));
  }

  BatchState batch() {
    BatchState batch = state().batch();
    if (batch == null) {
      throw new IllegalStateException("no edits of " + model.key() + " are in work");
    }
    return batch;
  }

  /** Takes over a decision about the delta of the model. */
  void take(Decision decision) {
    model = decision.model();
    outputs.addAll(decision.outputs());
    ended.addAll(decision.ended());
    changes.addAll(decision.changes());
  }

  Decision end() {
    return new Decision(model, outputs, ended, changes);
  }

  // --- the ledger

  List<LedgerEdit> queued() {
    return matching(edit -> edit.is(Standing.QUEUED));
  }

  /** What is in the list of the head, or true there without an artifact, in order of the list. */
  List<LedgerEdit> live() {
    return edits.values().stream()
        .filter(edit -> edit.is(Standing.LIVE))
        .sorted(BY_POSITION)
        .toList();
  }

  /** What takes effect in the head, in order. */
  List<LedgerEdit> inEffect() {
    return edits.values().stream().filter(LedgerEdit::isInEffect).sorted(BY_POSITION).toList();
  }

  /** What is in the list that a rebuild has come to, in order. */
  List<LedgerEdit> rebuilt() {
    return edits.values().stream()
        .filter(LedgerEdit::isHeldByRebuild)
        .sorted(Comparator.comparingInt(edit -> edit.candidate().position()))
        .toList();
  }

  List<LedgerEdit> matching(Predicate<LedgerEdit> wanted) {
    return edits.values().stream().filter(wanted).toList();
  }

  List<LedgerEdit> of(List<Integer> orders) {
    return orders.stream().map(edits::get).toList();
  }

  Optional<LedgerEdit> find(String editId) {
    return edits.values().stream().filter(edit -> edit.id().equals(editId)).findFirst();
  }

  void keep(LedgerEdit edit) {
    LedgerEdit before = edits.put(edit.order(), edit);
    count(before, edit);
    changes.add(new LedgerChange.Kept(edit));
  }

  /** It never was in a version: nothing of it is kept. */
  void drop(LedgerEdit edit) {
    count(edits.remove(edit.order()), null);
    changes.add(new LedgerChange.Dropped(edit));
  }

  void retire(LedgerEdit edit) {
    count(edits.remove(edit.order()), null);
    changes.add(new LedgerChange.Retired(edit.at(Standing.RETIRED)));
  }

  void restore(LedgerEdit edit) {
    edits.put(edit.order(), edit);
    changes.add(new LedgerChange.Restored(edit));
  }

  void erase(LedgerEdit edit) {
    count(edits.remove(edit.order()), null);
    changes.add(new LedgerChange.Erased(edit));
  }

  private void count(@Nullable LedgerEdit before, @Nullable LedgerEdit after) {
    int was = before != null && before.is(Standing.QUEUED) ? 1 : 0;
    int is = after != null && after.is(Standing.QUEUED) ? 1 : 0;
    become(state().queuing(is - was));
  }

  int nextPosition() {
    become(state().positioned());
    return state().lastPosition();
  }

  int nextOrder() {
    become(state().ordered());
    return state().lastOrder();
  }

  int nextRun() {
    become(state().ran());
    return state().lastRun();
  }

  // --- what is told

  void write(String key, SpecificRecord value) {
    outputs.add(new Output(key, value));
  }

  void writeAll(List<Output> more) {
    outputs.addAll(more);
  }

  void tell(ModelRequest subject, String type, String message) {
    tell(event(subject, type, message));
  }

  void tell(RegistryEvent.Builder event) {
    write(model.key(), event.build());
  }

  /** An event to be completed; its id follows from how many the model had before. */
  RegistryEvent.Builder event(ModelRequest subject, String type, String message) {
    return event(subject.submissionId(), type, message);
  }

  /** The same about a request of which only the identity is known. */
  RegistryEvent.Builder event(String submissionId, String type, String message) {
    become(state().told());
    return RegistryEvent.newBuilder()
        .setEventId(EventIds.of(model.key() + "/edits", type, state().events()))
        .setType(type)
        .setSource(EventIds.SOURCE)
        .setTime(now)
        .setTenant(model.tenant())
        .setModel(model.model())
        .setSubmissionId(submissionId)
        .setMessage(message);
  }

  /** Who asked for what follows, and why; nothing where no person did. */
  RegistryEvent.Builder because(RegistryEvent.Builder event, @Nullable Command command) {
    return command == null
        ? event
        : event.setCause(cause(command)).setPrincipal(command.requestedBy());
  }

  static VersionCause cause(Command command) {
    return new VersionCause(
        command.action().name().toLowerCase(Locale.ROOT),
        List.of(command.submissionId()),
        command.reason());
  }

  // --- versions

  Optional<ModelVersion> head() {
    return facts.version(model.key(), model.headVersion());
  }

  int nextVersion() {
    return model.lastVersion() + 1;
  }

  /** Makes a version head: the version first, the head after it, then the events. */
  void publish(ModelVersion version, String reason, @Nullable Command command) {
    int number = version.getVersion();
    publishSilently(version, reason);
    tell(
        because(
            event(
                    version.getSubmissionId(),
                    EventTypes.VERSION_PUBLISHED,
                    "published version " + number)
                .setVersion(number),
            command));
    tellHead(version.getSubmissionId(), number, command);
  }

  /** The same without the events. */
  void publishSilently(ModelVersion version, String reason) {
    version(version);
    head(version, version.getRequestedBy(), reason);
    become(model.published(version.getVersion()));
  }

  /** Moves the head to a version that is there. */
  void moveHead(ModelVersion version, Command command) {
    head(version, command.requestedBy(), command.told("rolled back"));
    become(model.headAt(version.getVersion()));
    tellHead(command.submissionId(), version.getVersion(), command);
  }

  private void tellHead(String submissionId, int number, @Nullable Command command) {
    tell(
        because(
            event(submissionId, EventTypes.HEAD_MOVED, "head is at version " + number)
                .setVersion(number),
            command));
  }

  /** Writes a version as it is now. */
  void version(ModelVersion version) {
    write(VersionKey.of(model.tenant(), model.model(), version.getVersion()).toString(), version);
    remember(version);
  }

  /** Remembers of a version what nobody else needs to know. */
  void remember(ModelVersion version) {
    changes.add(new LedgerChange.Versioned(version));
  }

  private void head(ModelVersion version, String movedBy, String reason) {
    write(
        model.key(),
        ModelHead.newBuilder()
            .setTenant(model.tenant())
            .setModel(model.model())
            .setVersion(version.getVersion())
            .setPreviousVersion(model.headVersion() == 0 ? null : model.headVersion())
            .setBaseDigest(version.getBaseDigest())
            .setMovedAt(now)
            .setMovedBy(movedBy)
            .setReason(reason)
            .build());
  }
}
