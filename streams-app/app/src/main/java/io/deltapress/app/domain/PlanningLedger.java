package io.deltapress.app.domain;

import io.deltapress.schemas.WorkResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a partition remembers. Whoever implements it writes all of one turn or nothing of it, as a
 * transaction does.
 */
public interface PlanningLedger extends EditFacts {
  /** The state of a model, if it was heard of. */
  Optional<ModelState> model(String modelKey);

  /** Every model with anything in work. */
  List<ModelState> modelsInWork();

  /** Remembers the state of a model. */
  void keep(ModelState model);

  /** The mark of a submission that came before. */
  Optional<SubmissionMark> mark(String submissionKey);

  /** Remembers that a submission came. */
  void keep(String submissionKey, SubmissionMark mark);

  /** Forgets the marks made before that time. */
  void forgetMarksBefore(Instant time);

  /** Remembers a change of the edits and versions of a model. */
  void apply(String modelKey, LedgerChange change);

  /** Remembers a verdict about a base. */
  void keep(BaseFact base);

  /** The policy of exactly that scope. */
  Optional<GatePolicy> policy(String scope);

  /** Remembers a policy, or that its scope has none any more. */
  void keep(GatePolicy policy);

  /** Remembers an answer until its submission ends. */
  void keep(WorkResult answer);

  /** Forgets the answers to all tasks of a submission. */
  void forgetAnswers(DeltaRequest request);
}
