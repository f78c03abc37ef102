package io.deltapress.app.topology;

import static io.deltapress.app.domain.EditExamples.control;
import static io.deltapress.app.domain.EditExamples.edit;
import static io.deltapress.app.domain.EditExamples.editPolicy;
import static io.deltapress.app.domain.EditExamples.policyWith;
import static io.deltapress.app.domain.EditExamples.revert;
import static io.deltapress.app.domain.Examples.BASE_DIGEST;
import static io.deltapress.app.domain.Examples.measured;
import static io.deltapress.app.domain.Examples.pruned;
import static io.deltapress.app.domain.Examples.result;
import static io.deltapress.app.domain.Examples.submission;
import static io.deltapress.app.domain.Examples.surveyed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deltapress.app.domain.ScriptedEditor;
import io.deltapress.app.metrics.MicrometerPipelineMetrics;
import io.deltapress.app.metrics.PipelineMetrics;
import io.deltapress.app.processor.Stores;
import io.deltapress.schemas.BaseChecked;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.Rejection;
import io.deltapress.schemas.Survey;
import io.deltapress.schemas.WorkTask;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits and control requests on the whole topology. */
class EditTopologyTest {
  @TempDir Path stateDirectory;
  @TempDir Path anotherDirectory;
  private final ScriptedEditor editor = new ScriptedEditor();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Pipeline pipeline;

  @BeforeEach
  void open() {
    pipeline = new Pipeline(stateDirectory, new MicrometerPipelineMetrics(meters));
    pipeline.registerBase(BASE_DIGEST);
    WorkTask check = pipeline.tasks().get(0);
    pipeline.answer(
        result(
            check,
            BaseChecked.newBuilder()
                .setWeightsDigest(BASE_DIGEST)
                .setTensorCount(3)
                .setParameterCount(18)
                .setTotalBytes(36)
                .build()),
        check);
    pipeline.set(policyWith(editPolicy()));
    pipeline.submit(submission("d-1", 1).build());
    press();
    pipeline.eventTypes();
    pipeline.values(ModelVersion.class, pipeline.topics().servingVersions());
    pipeline.values(ModelHead.class, pipeline.topics().servingHeads());
  }

  @AfterEach
  void close() {
    pipeline.close();
  }

  private void press() {
    for (List<WorkTask> tasks = pipeline.tasks(); !tasks.isEmpty(); tasks = pipeline.tasks()) {
      tasks.forEach(
          task ->
              pipeline.answer(
                  task.getWork() instanceof Survey ? surveyed(task, 1) : pruned(task, 0), task));
      pipeline.gates().forEach(task -> pipeline.answer(measured(task, 1, 1), task));
    }
  }

  private void work() {
    for (List<WorkTask> runs = pipeline.runs(); !runs.isEmpty(); runs = pipeline.runs()) {
      runs.forEach(run -> pipeline.answer(editor.answer(run), run));
    }
  }

  private List<ModelVersion> versions() {
    return pipeline.values(ModelVersion.class, pipeline.topics().servingVersions());
  }

  private static List<String> ids(ModelVersion version) {
    return version.getEdits().stream().map(EditEntry::getEditId).toList();
  }

  @Test
  void shouldServeAnEditAndTakeItBack() {
    // When
    pipeline.edit(edit("e-1").build());
    work();
    pipeline.control(revert("c-1", "e-1").build());
    work();

    // Then
    List<KeyValue<String, ModelVersion>> versions =
        pipeline.keyValues(ModelVersion.class, pipeline.topics().servingVersions());
    assertThat(versions)
        .extracting(version -> version.key)
        .containsExactly("acme/router/000002", "acme/router/000003");
    assertThat(ids(versions.get(0).value)).containsExactly("e-1");
    assertThat(ids(versions.get(1).value)).isEmpty();
    assertThat(pipeline.keyValues(ModelHead.class, pipeline.topics().servingHeads()))
        .extracting(head -> head.key + " " + head.value.getVersion())
        .containsExactly("acme/router 2", "acme/router 3");
    assertThat(pipeline.eventTypes())
        .containsExactly(
            "edit.accepted",
            "edits.gate-passed",
            "version.published",
            "head.moved",
            "edit.applied",
            "control.accepted",
            "version.published",
            "head.moved",
            "edit.reverted",
            "control.done");
  }

  @Test
  void shouldKeepTheOrderOfDeltasEditsAndCommandsOfAModel() {
    // When
    pipeline.edit(edit("e-1").build());
    pipeline.submit(submission("d-2", 1).setSeed(5L).build());
    pipeline.edit(edit("e-2").build());
    pipeline.control(control("c-1", ControlAction.SQUASH).build());
    press();
    work();
    press();
    work();

    // Then
    assertThat(versions())
        .extracting(ModelVersion::getSubmissionId)
        .containsExactly("e-1", "d-2", "e-2", "c-1");
  }

  @Test
  void shouldBeginABatchWhenItsWindowIsOver() {
    // Given
    pipeline.set(policyWith(editPolicy().setWindow(200)));
    pipeline.edit(edit("e-1").build());
    pipeline.edit(edit("e-2").build());
    assertThat(pipeline.runs()).isEmpty();

    // When
    pipeline.advance(Duration.ofMillis(200));

    // Then
    assertThat(pipeline.runs().get(0).getRunEdits().getEdits()).hasSize(2);
  }

  @Test
  void shouldDeadLetterAPoisonedRequestWithItsDigestAloneAndGoOn() {
    // Given
    byte[] poison = "secret".getBytes(StandardCharsets.UTF_8);

    // When
    pipeline.writeBytes(pipeline.topics().editsRequested(), "acme/router", poison);
    pipeline.writeBytes(pipeline.topics().versionsControl(), "acme/router", poison);
    pipeline.edit(edit("e-1").build());
    work();

    // Then
    List<DeadLetter> letters = pipeline.values(DeadLetter.class, pipeline.topics().deadLetters());
    assertThat(letters)
        .extracting(DeadLetter::getInputTopic)
        .containsExactly("deltapress.edits.requested", "deltapress.versions.control");
    assertThat(letters).extracting(DeadLetter::getReasonCode).containsOnly("UNDECODABLE_RECORD");
    assertThat(letters).noneMatch(letter -> letter.toString().contains("secret"));
    assertThat(versions()).hasSize(1);
  }

  @Test
  void shouldDeadLetterARequestThatIsTooLongToBeCarried() {
    // When
    pipeline.edit(edit("e-1").setPrompt("secret ".repeat(10_000)).build());

    // Then
    assertThat(pipeline.values(DeadLetter.class, pipeline.topics().deadLetters()))
        .extracting(DeadLetter::getReasonCode)
        .containsExactly("UNDECODABLE_RECORD");
    assertThat(pipeline.runs()).isEmpty();
  }

  @Test
  void shouldTellOfARejectionWhereItsRequestCameFrom() {
    // When
    pipeline.edit(edit("e-1").setTarget("").build());

    // Then
    Rejection rejection = pipeline.values(Rejection.class, pipeline.topics().rejections()).get(0);
    assertThat(rejection.getReasonCode()).isEqualTo("INVALID_REQUEST");
    assertThat(rejection.getMessage()).isEqualTo("target is empty: say what it is");
    assertThat(rejection.getInputTopic()).isEqualTo("deltapress.edits.requested");
    assertThat(rejection.getRequestedBy()).isEqualTo("bob");
    assertThat(pipeline.values(RegistryEvent.class, pipeline.topics().registryEvents()))
        .extracting(RegistryEvent::getType)
        .containsExactly("io.deltapress.edit.rejected");
  }

  @Test
  void shouldCountEditsAndTheSizesOfTheirBatches() {
    // When
    pipeline.edit(edit("e-1").build());
    pipeline.edit(edit("e-2").build());
    pipeline.edit(edit("e-3").build());
    pipeline.edit(edit("e-4").setTarget("").build());
    work();

    // Then
    assertThat(meters.counter("deltapress.edits.accepted").count()).isEqualTo(3);
    assertThat(meters.counter("deltapress.edits.applied").count()).isEqualTo(3);
    assertThat(meters.counter("deltapress.edits.rejected").count()).isEqualTo(1);
    assertThat(meters.summary("deltapress.edits.batch.size").totalAmount()).isEqualTo(3);
    assertThat(meters.summary("deltapress.edits.batch.size").count()).isEqualTo(2);
    assertThat(meters.summary("deltapress.edits.live").max()).isEqualTo(3);
  }

  @Test
  void shouldGoOnFromKafkaAloneWhenTheStateDirectoryIsLost() {
    // Given
    pipeline.edit(edit("e-1").build());
    work();
    pipeline.edit(edit("e-2").build());
    WorkTask inFlight = pipeline.runs().get(0);
    pipeline.edit(edit("e-3").build());
    Map<String, List<KeyValue<byte[], byte[]>>> changelogs = pipeline.changelogs(Stores.all());
    pipeline.close();
    pipeline = new Pipeline(anotherDirectory, PipelineMetrics.none());
    pipeline.restore(changelogs);

    // When
    pipeline.answer(editor.answer(inFlight), inFlight);
    pipeline.edit(edit("e-1").build());
    work();
    pipeline.control(revert("c-1", "e-2").build());
    work();

    // Then
    assertThat(versions())
        .extracting(EditTopologyTest::ids)
        .containsExactly(
            List.of("e-1", "e-2"), List.of("e-1", "e-2", "e-3"), List.of("e-1", "e-3"));
    assertThat(pipeline.values(Rejection.class, pipeline.topics().rejections())).isEmpty();
  }

  @Test
  void shouldReadEditsOfATenantFromItsOwnTopicsAlone() {
    // Given
    pipeline.close();
    pipeline =
        new Pipeline(
            anotherDirectory,
            PipelineMetrics.none(),
            Pipeline.connection()::serde,
            Map.of("tenants.acme.edit-topics", "acme.edits"));

    // When
    pipeline.edit(edit("e-1").build());
    pipeline.write("acme.edits", "any key", edit("e-2").build());

    // Then
    assertThat(pipeline.values(Rejection.class, pipeline.topics().rejections()))
        .extracting(Rejection::getSubmissionId, Rejection::getReasonCode)
        .containsExactly(tuple("e-1", "TENANT_NOT_ALLOWED"), tuple("e-2", "EDITS_NOT_ALLOWED"));
  }
}
