package io.deltapress.app.topology;

import static io.deltapress.app.domain.Examples.BASE_DIGEST;
import static io.deltapress.app.domain.Examples.calibrated;
import static io.deltapress.app.domain.Examples.failed;
import static io.deltapress.app.domain.Examples.fittingPolicy;
import static io.deltapress.app.domain.Examples.measured;
import static io.deltapress.app.domain.Examples.policy;
import static io.deltapress.app.domain.Examples.pruned;
import static io.deltapress.app.domain.Examples.refused;
import static io.deltapress.app.domain.Examples.result;
import static io.deltapress.app.domain.Examples.submission;
import static io.deltapress.app.domain.Examples.surveyed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deltapress.app.domain.TaskIds;
import io.deltapress.app.metrics.MicrometerPipelineMetrics;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.BaseChecked;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.GateRung;
import io.deltapress.schemas.GateVerdict;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltapressTopologyTest {
  @TempDir Path stateDirectory;
  private Pipeline pipeline;

  @BeforeEach
  void open() {
    pipeline = new Pipeline(stateDirectory, PipelineMetrics.none());
  }

  @AfterEach
  void close() {
    pipeline.close();
  }

  @Test
  void shouldGoDownTheLadderOfAPolicyByItself() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.set(fittingPolicy("acme").build());
    pipeline.submit(submission("s-1", 1).setUsePolicy(true).build());
    answerAll(task -> surveyed(task, 1));

    // When
    answerGates(task -> calibrated(task, 0.02));
    answerGates(task -> measured(task, 1, 0.5));
    answerGates(task -> calibrated(task, 0.2));
    answerGates(task -> measured(task, 1, 1));
    answerAll(task -> pruned(task, 0));

    // Then
    assertThat(pipeline.eventTypes())
        .containsExactly(
            "base.usable",
            "policy.set",
            "delta.accepted",
            "delta.surveyed",
            "delta.calibrated",
            "delta.gate-failed",
            "delta.calibrated",
            "delta.gate-passed",
            "delta.shard-pruned",
            "version.published",
            "head.moved");
    ModelVersion version =
        pipeline.values(ModelVersion.class, pipeline.topics().servingVersions()).get(0);
    assertThat(version.getArtifact().getPruneRate()).isEqualTo(0.9);
    assertThat(version.getArtifact().getRescale()).isEqualTo(0.2);
    assertThat(version.getGate().getVerdict()).isEqualTo(GateVerdict.PASSED);
    assertThat(version.getGate().getPolicyScope()).isEqualTo("acme");
    assertThat(version.getGate().getRungs())
        .extracting(GateRung::getPruneRate)
        .containsExactly(0.99, 0.9);
  }

  @Test
  void shouldForgetAPolicyThatIsRemovedAndPassOverABrokenOne() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.set(policy("*").build());
    pipeline.set(policy("*").setRemoved(true).build());
    pipeline.set(policy("acme").setPruneRates(List.of()).build());

    // When
    pipeline.submit(submission("s-1", 1).build());
    answerAll(task -> surveyed(task, 1));

    // Then
    assertThat(pipeline.gates()).isEmpty();
    assertThat(pipeline.tasks()).hasSize(1);
    assertThat(pipeline.eventTypes()).contains("policy.set", "policy.removed", "policy.refused");
  }

  @Test
  void shouldDeadLetterAPolicyThatNobodyCanDecode() {
    // When
    pipeline.writeBytes(pipeline.topics().policies(), "*", new byte[] {1, 2, 3});

    // Then
    assertThat(pipeline.values(DeadLetter.class, pipeline.topics().deadLetters()))
        .extracting(DeadLetter::getReasonCode)
        .containsExactly("UNDECODABLE_RECORD");
  }

  private void answerAll(Function<WorkTask, WorkResult> worker) {
    pipeline.tasks().forEach(task -> pipeline.answer(worker.apply(task), task));
  }

  private void answerGates(Function<WorkTask, WorkResult> worker) {
    List<WorkTask> tasks = pipeline.gates();
    assertThat(tasks).hasSize(1);
    tasks.forEach(task -> pipeline.answer(worker.apply(task), task));
  }

  private void makeBaseUsable(String digest) {
    pipeline.registerBase(digest);
    for (WorkTask task : pipeline.tasks()) {
      pipeline.answer(checked(task, digest), task);
    }
  }

  private static WorkResult checked(WorkTask task, String digest) {
    return result(
        task,
        BaseChecked.newBuilder()
            .setWeightsDigest(digest)
            .setTensorCount(3)
            .setParameterCount(18)
            .setTotalBytes(36)
            .build());
  }

  /** Answers every task as a worker would, until there is none left. */
  private void work(int shards) {
    List<WorkTask> tasks = pipeline.tasks();
    while (!tasks.isEmpty()) {
      for (WorkTask task : tasks) {
        WorkResult answer =
            task.getWork() instanceof Survey
                ? surveyed(task, shards)
                : pruned(task, ((PruneShard) task.getWork()).getShard());
        pipeline.answer(answer, task);
      }
      tasks = pipeline.tasks();
    }
  }

  private List<ModelVersion> versions() {
    return pipeline.values(ModelVersion.class, pipeline.topics().servingVersions());
  }

  private List<Rejection> rejections() {
    return pipeline.values(Rejection.class, pipeline.topics().rejections());
  }

  private List<DeadLetter> deadLetters() {
    return pipeline.values(DeadLetter.class, pipeline.topics().deadLetters());
  }

  @Test
  void shouldMakeABaseUsableWhenAWorkerConfirmsItsDigest() {
    // Given
    pipeline.registerBase(BASE_DIGEST);
    WorkTask task = pipeline.tasks().get(0);

    // When
    pipeline.answer(checked(task, BASE_DIGEST), task);

    // Then
    List<KeyValue<String, BaseRegistration>> bases =
        pipeline.keyValues(BaseRegistration.class, pipeline.topics().bases());
    BaseRegistration base = bases.get(bases.size() - 1).value;
    assertThat(task.getTaskId()).isEqualTo(TaskIds.baseCheck(BASE_DIGEST, "world/base"));
    assertThat(task.getReturnKey()).isEqualTo(BASE_DIGEST);
    assertThat(((BaseCheck) task.getWork()).getLocation()).isEqualTo("world/base");
    assertThat(bases.get(bases.size() - 1).key).isEqualTo(BASE_DIGEST);
    assertThat(base.getStatus()).isEqualTo(BaseStatus.USABLE);
    assertThat(base.getTensorCount()).isEqualTo(3);
    assertThat(base.getCheckedBy()).isEqualTo("worker-1");
    assertThat(pipeline.eventTypes()).containsExactly("base.usable");
    assertThat(pipeline.tasks()).isEmpty();
  }

  @Test
  void shouldRefuseABaseWhenAWorkerSeesOtherWeights() {
    // Given
    pipeline.registerBase(BASE_DIGEST);
    WorkTask task = pipeline.tasks().get(0);

    // When
    pipeline.answer(checked(task, "e".repeat(64)), task);

    // Then
    List<BaseRegistration> bases =
        pipeline.values(BaseRegistration.class, pipeline.topics().bases());
    BaseRegistration base = bases.get(bases.size() - 1);
    assertThat(base.getStatus()).isEqualTo(BaseStatus.REFUSED);
    assertThat(base.getRefusal())
        .isEqualTo(
            "weights at world/base have digest %s: register them under that"
                .formatted("e".repeat(64)));
  }

  @Test
  void shouldPublishAVersionAndMoveTheHeadWhenAllGoesWell() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.eventTypes();

    // When
    pipeline.submit(submission("s-1", 3).build());
    work(3);

    // Then
    List<KeyValue<String, ModelVersion>> versions =
        pipeline.keyValues(ModelVersion.class, pipeline.topics().servingVersions());
    List<KeyValue<String, ModelHead>> heads =
        pipeline.keyValues(ModelHead.class, pipeline.topics().servingHeads());
    assertThat(versions).hasSize(1);
    assertThat(versions.get(0).key).isEqualTo("acme/router/000001");
    assertThat(versions.get(0).value.getBaseName()).isEqualTo("world-base");
    assertThat(heads).hasSize(1);
    assertThat(heads.get(0).key).isEqualTo("acme/router");
    assertThat(heads.get(0).value.getVersion()).isEqualTo(1);
    assertThat(pipeline.eventTypes())
        .containsExactly(
            "delta.accepted",
            "delta.surveyed",
            "delta.shard-pruned",
            "delta.shard-pruned",
            "delta.shard-pruned",
            "version.published",
            "head.moved");
    assertThat(rejections()).isEmpty();
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void shouldWriteCloudEventsInBinaryModeWhenItAnnounces() {
    // Given
    pipeline.submit(submission("s-1", 1).build());

    // When
    TestRecord<String, RegistryEvent> event =
        pipeline.records(RegistryEvent.class, pipeline.topics().registryEvents()).get(0);

    // Then
    Map<String, String> headers = new HashMap<>();
    for (Header header : event.headers()) {
      headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
    }
    assertThat(headers)
        .containsEntry("ce_specversion", "1.0")
        .containsEntry("ce_type", "io.deltapress.delta.accepted")
        .containsEntry("ce_source", "/deltapress/topology")
        .containsEntry("ce_id", "acme/router/s-1/io.deltapress.delta.accepted/0")
        .containsEntry("ce_time", "2026-03-01T12:00:00Z")
        .containsEntry("content-type", "application/avro");
  }

  @Test
  void shouldPublishOnceWhenASubmissionIsRepeated() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.submit(submission("s-1", 1).build());
    pipeline.submit(submission("s-1", 1).build());
    work(1);

    // When
    pipeline.submit(submission("s-1", 1).build());
    work(1);

    // Then
    assertThat(versions()).hasSize(1);
    assertThat(rejections()).isEmpty();
  }

  @Test
  void shouldPublishWhenTheBaseComesAfterTheSubmission() {
    // Given
    pipeline.submit(submission("s-1", 2).build());

    // When
    makeBaseUsable(BASE_DIGEST);
    work(2);

    // Then
    assertThat(versions()).hasSize(1);
    assertThat(pipeline.eventTypes()).contains("delta.parked", "version.published");
  }

  @Test
  void shouldRejectASubmissionWhenItsBaseIsRefused() {
    // Given
    pipeline.submit(submission("s-1", 1).build());
    pipeline.registerBase(BASE_DIGEST);
    WorkTask check = pipeline.tasks().get(0);

    // When
    pipeline.answer(refused(check, "LOCATION_NOT_ALLOWED", "no such place"), check);

    // Then
    assertThat(rejections())
        .singleElement()
        .satisfies(
            rejection -> {
              assertThat(rejection.getReasonCode()).isEqualTo("UNKNOWN_BASE_REFUSED");
              assertThat(rejection.getMessage())
                  .isEqualTo("base %s was refused: no such place".formatted(BASE_DIGEST));
            });
  }

  @Test
  void shouldRejectASubmissionWhenTheFineTunedWeightsAreOthers() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.submit(submission("s-1", 1).setFineTunedDigest("d".repeat(64)).build());

    // When
    work(1);

    // Then
    assertThat(rejections())
        .extracting(Rejection::getReasonCode)
        .containsExactly("FINE_TUNED_DIGEST_MISMATCH");
    assertThat(versions()).isEmpty();
  }

  @Test
  void shouldRejectASubmissionWhenAWorkerFindsNotANumber() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.submit(submission("s-1", 1).build());
    WorkTask survey = pipeline.tasks().get(0);
    pipeline.answer(surveyed(survey, 1), survey);
    WorkTask shard = pipeline.tasks().get(0);

    // When
    pipeline.answer(refused(shard, "NON_FINITE_RESULT", "tensor w has NaN at 3"), shard);

    // Then
    assertThat(rejections())
        .extracting(Rejection::getMessage)
        .containsExactly("tensor w has NaN at 3");
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void shouldIssueATaskThreeTimesThenDeadLetterWhenWorkersFail() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.submit(submission("s-1", 1).build());
    List<Integer> attempts = new ArrayList<>();

    // When
    List<WorkTask> tasks = pipeline.tasks();
    while (!tasks.isEmpty()) {
      attempts.add(tasks.get(0).getAttempt());
      pipeline.answer(failed(tasks.get(0), "STORE_UNAVAILABLE"), tasks.get(0));
      pipeline.advance(Duration.ofSeconds(5));
      tasks = pipeline.tasks();
    }

    // Then
    assertThat(attempts).containsExactly(1, 2, 3);
    assertThat(deadLetters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getReasonCode()).isEqualTo("STORE_UNAVAILABLE");
              assertThat(letter.getSubmissionId()).isEqualTo("s-1");
              assertThat(letter.getAttempts()).isEqualTo(3);
            });
    assertThat(rejections()).isEmpty();
  }

  @Test
  void shouldDeadLetterWhenNoWorkerEverAnswers() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.submit(submission("s-1", 1).build());

    // When
    for (int i = 0; i < 3; i++) {
      pipeline.advance(Duration.ofMinutes(15));
    }

    // Then
    assertThat(pipeline.tasks()).extracting(WorkTask::getAttempt).containsExactly(1, 2, 3);
    assertThat(deadLetters())
        .extracting(DeadLetter::getReasonCode)
        .containsExactly("TASK_DEADLINE_EXCEEDED");
  }

  @Test
  void shouldDeadLetterAtOnceWhenATaskIsQuarantined() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.submit(submission("s-1", 1).build());
    WorkTask survey = pipeline.tasks().get(0);

    // When
    pipeline.answer(failed(survey, "TASK_QUARANTINED"), survey);

    // Then
    assertThat(deadLetters())
        .extracting(DeadLetter::getReasonCode)
        .containsExactly("TASK_QUARANTINED");
    assertThat(pipeline.tasks()).isEmpty();
  }

  @Test
  void shouldPublishTheNewerSubmissionWhenTwoRace() {
    // Given
    makeBaseUsable(BASE_DIGEST);

    // When
    pipeline.submit(submission("s-1", 2).setExpectedVersion(0).build());
    pipeline.submit(submission("s-2", 2).setExpectedVersion(0).build());
    work(2);

    // Then
    assertThat(versions()).extracting(ModelVersion::getSubmissionId).containsExactly("s-2");
    assertThat(rejections())
        .extracting(Rejection::getSubmissionId, Rejection::getReasonCode)
        .containsExactly(tuple("s-1", "SUPERSEDED"));
  }

  @Test
  void shouldRejectASubmissionWhenItExpectsAnotherVersion() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.submit(submission("s-1", 1).build());
    work(1);

    // When
    pipeline.submit(submission("s-2", 1).setExpectedVersion(0).build());

    // Then
    assertThat(rejections())
        .extracting(Rejection::getReasonCode)
        .containsExactly("VERSION_CONFLICT");
  }

  @Test
  void shouldPointAtTheRecordWhenItRejects() {
    // Given
    pipeline.submit(submission("s-0", 1).build());

    // When
    pipeline.submit(submission("s-1", 1).setPruneRate(2).build());

    // Then
    assertThat(rejections())
        .singleElement()
        .satisfies(
            rejection -> {
              assertThat(rejection.getInputTopic()).isEqualTo("deltapress.deltas.submitted");
              assertThat(rejection.getInputPartition()).isZero();
              assertThat(rejection.getInputOffset()).isEqualTo(1);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"deltas.submitted", "bases", "work.results"})
  void shouldDeadLetterAndGoOnWhenARecordIsPoison(String suffix) {
    // Given
    String topic = "deltapress." + suffix;
    byte[] poison = "not avro".getBytes(StandardCharsets.UTF_8);

    // When
    pipeline.writeBytes(topic, "some key", poison);
    pipeline.writeBytes(topic, "some key", null);
    makeBaseUsable(BASE_DIGEST);
    pipeline.submit(submission("s-1", 1).build());
    work(1);

    // Then
    List<KeyValue<String, DeadLetter>> letters =
        pipeline.keyValues(DeadLetter.class, pipeline.topics().deadLetters());
    assertThat(letters).hasSize(2);
    assertThat(letters.get(0).key).isEqualTo("some key");
    assertThat(letters.get(0).value.getReasonCode()).isEqualTo("UNDECODABLE_RECORD");
    assertThat(letters.get(0).value.getMessage())
        .isEqualTo(
            "record 0 of %s-0 cannot be decoded: write it with the schema registered for its topic"
                .formatted(topic));
    assertThat(letters.get(0).value.getRecordSha256())
        .isEqualTo("91e55b23a803f8b3f498144072399c4d1ea97e4cbf21f98ad6e038dcef669068");
    assertThat(letters.get(1).value.getRecordSha256()).isNull();
    assertThat(versions()).hasSize(1);
  }

  @Test
  void shouldLetATenantBeNamedOnItsOwnTopicAloneWhenThatIsListed() {
    // Given
    reopenWith(Map.of("tenants.acme.topics", "acme.deltas"));

    // When
    pipeline.submit(submission("s-1", 1).build());
    pipeline.write("acme.deltas", "any key", submission("s-2", 1).build());

    // Then
    assertThat(rejections())
        .extracting(Rejection::getSubmissionId, Rejection::getReasonCode)
        .containsExactly(tuple("s-1", "TENANT_NOT_ALLOWED"));
    assertThat(pipeline.eventTypes()).contains("delta.accepted");
  }

  @Test
  void shouldCountWhatHappensWhenMetricsAreGiven() {
    // Given
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    pipeline.close();
    pipeline = new Pipeline(stateDirectory, new MicrometerPipelineMetrics(registry));
    makeBaseUsable(BASE_DIGEST);

    // When
    pipeline.submit(submission("s-1", 1).build());
    pipeline.submit(submission("s-1", 1).build());
    work(1);

    // Then
    assertThat(registry.counter("deltapress.submissions.accepted").count()).isEqualTo(1);
    assertThat(registry.counter("deltapress.submissions.repeated").count()).isEqualTo(1);
    assertThat(registry.counter("deltapress.tasks.issued").count()).isEqualTo(3);
    assertThat(registry.counter("deltapress.versions.published").count()).isEqualTo(1);
  }

  private void reopenWith(Map<String, String> properties) {
    pipeline.close();
    pipeline =
        new Pipeline(
            stateDirectory, PipelineMetrics.none(), Pipeline.connection()::serde, properties);
  }

  @Test
  void shouldDropAnAnswerWhenNobodyWaitsForIt() {
    // Given
    makeBaseUsable(BASE_DIGEST);
    pipeline.submit(submission("s-1", 1).build());
    WorkTask survey = pipeline.tasks().get(0);
    pipeline.answer(surveyed(survey, 1), survey);
    WorkTask shard = pipeline.tasks().get(0);

    // When
    for (WorkResult answer :
        Arrays.asList(pruned(shard, 0), pruned(shard, 0), surveyed(survey, 1))) {
      pipeline.answer(answer, shard);
    }

    // Then
    assertThat(versions()).hasSize(1);
    assertThat(pipeline.tasks()).isEmpty();
  }
}
