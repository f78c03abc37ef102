package io.deltapress.app.topology;

import io.deltapress.app.domain.BaseFact;
import io.deltapress.app.domain.GatePolicy;
import io.deltapress.app.domain.Lane;
import io.deltapress.app.domain.RequestValidators;
import io.deltapress.app.processor.PlannerInput;
import io.deltapress.app.processor.PlannerProcessor;
import io.deltapress.app.processor.ReopenProcessor;
import io.deltapress.app.processor.ReopenRequestProcessor;
import io.deltapress.app.processor.Routes;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/** Plans requests, from acceptance to the head. */
final class PlannerSubtopology {
  private static final Routes ROUTES =
      new Routes(
          Map.of(
              ModelVersion.class, List.of(Nodes.PLANNER_VERSIONS_SINK),
              ModelHead.class, List.of(Nodes.PLANNER_HEADS_SINK),
              RegistryEvent.class, List.of(Nodes.PLANNER_EVENTS_SINK),
              Rejection.class, List.of(Nodes.PLANNER_REJECTIONS_SINK),
              DeadLetter.class, List.of(Nodes.PLANNER_DEAD_LETTERS_SINK)),
          Map.of(
              Lane.COMPRESS, List.of(Nodes.PLANNER_TASKS_SINK),
              Lane.CALIBRATE, List.of(Nodes.PLANNER_GATES_SINK),
              Lane.EDIT, List.of(Nodes.PLANNER_EDITS_SINK)));

  private PlannerSubtopology() {}

  static void build(
      KStream<String, byte[]> submissions,
      KStream<String, BaseRegistration> verdicts,
      KStream<String, Policy> policies,
      KStream<String, byte[]> answers,
      Parts parts) {
    KStream<String, Object> decided =
        submissions(submissions, parts)
            .merge(
                verdicts(verdicts)
                    .merge(policies(policies), Named.as(Nodes.PLANNER_VERDICTS_AND_POLICIES)),
                Named.as(Nodes.PLANNER_SUBMISSIONS_AND_VERDICTS))
            .merge(answers(answers, parts), Named.as(Nodes.PLANNER_INPUTS))
            .process(plan(parts), Named.as(Nodes.PLANNER));
    TopicNames topics = parts.topics();
    parts.sink(decided, Nodes.PLANNER_TASKS_SINK, topics.workCompress(), WorkTask.class);
    parts.sink(decided, Nodes.PLANNER_GATES_SINK, topics.workCalibrate(), WorkTask.class);
    parts.sink(decided, Nodes.PLANNER_EDITS_SINK, topics.workEdit(), WorkTask.class);
    parts.sink(decided, Nodes.PLANNER_VERSIONS_SINK, topics.servingVersions(), ModelVersion.class);
    parts.sink(decided, Nodes.PLANNER_HEADS_SINK, topics.servingHeads(), ModelHead.class);
    parts.sink(decided, Nodes.PLANNER_EVENTS_SINK, topics.registryEvents(), RegistryEvent.class);
    parts.sink(decided, Nodes.PLANNER_REJECTIONS_SINK, topics.rejections(), Rejection.class);
    parts.sink(decided, Nodes.PLANNER_DEAD_LETTERS_SINK, topics.deadLetters(), DeadLetter.class);
  }

  private static PlannerProcessor.Plan plan(Parts parts) {
    return new PlannerProcessor.Plan(
        parts.plannerSettings(),
        RequestValidators.of(parts.config().tenants()::allows),
        parts.internal(WorkResult.class, parts.topics().workResults()),
        parts.internal(ModelVersion.class, parts.topics().servingVersions()),
        ROUTES,
        parts.metrics());
  }

  private static KStream<String, PlannerInput> submissions(
      KStream<String, byte[]> submissions, Parts parts) {
    return submissions.process(
        new ReopenRequestProcessor.Reopening(
            parts.serde(DeltaSubmission.class).deserializer(),
            parts.serde(EditSubmission.class).deserializer(),
            parts.serde(ControlRequest.class).deserializer()),
        Named.as(Nodes.PLANNER_SUBMISSIONS));
  }

  private static KStream<String, PlannerInput> verdicts(
      KStream<String, BaseRegistration> verdicts) {
    return verdicts.mapValues(
        verdict -> new PlannerInput.BaseVerdict(BaseFact.of(verdict)),
        Named.as(Nodes.PLANNER_VERDICTS));
  }

  private static KStream<String, PlannerInput> policies(KStream<String, Policy> policies) {
    return policies.mapValues(
        policy -> new PlannerInput.PolicySet(GatePolicy.of(policy)),
        Named.as(Nodes.PLANNER_POLICIES));
  }

  private static KStream<String, PlannerInput> answers(
      KStream<String, byte[]> answers, Parts parts) {
    return answers.process(
        new ReopenProcessor.Reopening<WorkResult, PlannerInput>(
            parts.serde(WorkResult.class).deserializer(),
            parts.topics().workResults(),
            (result, source) -> new PlannerInput.Answered(result)),
        Named.as(Nodes.PLANNER_ANSWERS));
  }
}
