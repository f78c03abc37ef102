package io.deltapress.it;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.EditPolicy;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A team that publishes requests with a producer of its own. */
final class Requests implements AutoCloseable {
  private final Connection connection;
  private final DigestCache digests;
  private final KafkaProducer<String, byte[]> producer;

  Requests(Connection connection, Path cache) {
    this.connection = connection;
    this.digests = new DigestCache(cache);
    this.producer =
        new KafkaProducer<>(
            connection.producerProperties(), new StringSerializer(), new ByteArraySerializer());
  }

  String digestOf(Path checkpoint) {
    try (Checkpoint opened = Checkpoints.open(checkpoint)) {
      return digests.weightsDigest(opened, ProgressListener.none()).hex();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Registers a base under its true digest and returns it. */
  String registerBase(Path checkpoint, String name) {
    String digest = digestOf(checkpoint);
    registerBase(checkpoint, name, digest);
    return digest;
  }

  void registerBase(Path checkpoint, String name, String claimedDigest) {
    send(
        Topics.BASES,
        claimedDigest,
        BaseRegistration.newBuilder()
            .setWeightsDigest(claimedDigest)
            .setName(name)
            .setLocation(checkpoint.toString())
            .setStatus(BaseStatus.REGISTERED)
            .setTensorCount(0)
            .setParameterCount(0)
            .setTotalBytes(0)
            .setRegisteredBy("integration-tests")
            .setRegisteredAt(Instant.now())
            .build());
  }

  /** A request for DARE at p = .9; the caller changes what its scenario is about. */
  DeltaSubmission.Builder delta(String model, String baseDigest, Path fineTuned) {
    return DeltaSubmission.newBuilder()
        .setSubmissionId(model + "-submission")
        .setTenant(Pipeline.TENANT)
        .setModel(model)
        .setBaseDigest(baseDigest)
        .setFineTunedLocation(fineTuned.toString())
        .setFineTunedDigest(digestOf(fineTuned))
        .setMethod(CompressionMethod.DARE)
        .setPruneRate(0.9)
        .setValues(ValueCode.EXACT)
        .setInclude(List.of())
        .setExclude(List.of())
        .setRequestedBy("integration-tests")
        .setSubmittedAt(Instant.now());
  }

  /** Holds a model of the tenant to one canary, of which it may lose two points. */
  void setPolicy(String model, List<Double> ladder, Path canary) {
    String scope = Pipeline.TENANT + "/" + model;
    send(
        Topics.POLICIES,
        scope,
        Policy.newBuilder()
            .setScope(scope)
            .setMethod(CompressionMethod.DARE)
            .setPruneRates(ladder)
            .setValues(ValueCode.EXACT)
            .setRescale(RescaleStrategy.GIVEN)
            .setCanaries(
                List.of(
                    Canary.newBuilder()
                        .setName("validation")
                        .setTaskLocation(canary.toString())
                        .setMetric(CanaryMetric.EXACT_MATCH)
                        .build()))
            .setLargestDrop(0.02)
            .setWhenUnmeasured(WhenUnmeasured.REJECT)
            .setAuthor("integration-tests")
            .setUpdatedAt(Instant.now())
            .build());
  }

  /** Lets every model of the tenant be edited, without training, unmeasured. */
  void allowEdits() {
    setEditPolicy(Pipeline.TENANT, "ultraedit");
  }

  /** Lets one model be edited by an editor of its own, unmeasured. */
  void allowEdits(String model, String editor) {
    setEditPolicy(Pipeline.TENANT + "/" + model, editor);
  }

  private void setEditPolicy(String scope, String editor) {
    send(
        Topics.POLICIES,
        scope,
        Policy.newBuilder()
            .setScope(scope)
            .setMethod(CompressionMethod.DARE)
            .setPruneRates(List.of(0.0))
            .setValues(ValueCode.EXACT)
            .setRescale(RescaleStrategy.GIVEN)
            .setCanaries(List.of())
            .setLargestDrop(1)
            .setWhenUnmeasured(WhenUnmeasured.PUBLISH)
            .setEdits(
                EditPolicy.newBuilder()
                    .setEditor(editor)
                    .setWhenUnmeasured(WhenUnmeasured.PUBLISH)
                    .build())
            .setAuthor("integration-tests")
            .setUpdatedAt(Instant.now())
            .build());
  }

  /** A request for another answer; the caller changes what its scenario is about. */
  EditSubmission.Builder edit(String model, String id, String prompt, String target) {
    return EditSubmission.newBuilder()
        .setEditId(id)
        .setTenant(Pipeline.TENANT)
        .setModel(model)
        .setPrompt(prompt)
        .setTarget(target)
        .setRephrasings(List.of())
        .setLocality(List.of())
        .setPortability(List.of())
        .setRequestedBy("integration-tests")
        .setSubmittedAt(Instant.now());
  }

  void submit(EditSubmission edit) {
    send(Topics.EDITS_REQUESTED, edit.getTenant() + "/" + edit.getModel(), edit);
  }

  /** Asks for edits to be taken back. */
  void revert(String model, String requestId, String... editIds) {
    control(model, requestId, ControlAction.REVERT, List.of(editIds));
  }

  /** Asks for all edits to be computed anew together. */
  void refit(String model, String requestId) {
    control(model, requestId, ControlAction.REFIT, List.of());
  }

  private void control(String model, String requestId, ControlAction action, List<String> edits) {
    send(
        Topics.VERSIONS_CONTROL,
        Pipeline.TENANT + "/" + model,
        ControlRequest.newBuilder()
            .setRequestId(requestId)
            .setTenant(Pipeline.TENANT)
            .setModel(model)
            .setAction(action)
            .setEditIds(edits)
            .setReason("a scenario")
            .setRequestedBy("integration-tests")
            .setSubmittedAt(Instant.now())
            .build());
  }

  void submit(DeltaSubmission submission) {
    send(Topics.DELTAS_SUBMITTED, submission.getTenant() + "/" + submission.getModel(), submission);
  }

  /** Sends bytes that are no record of the topic. */
  void poison(Topic<?> topic, String key, byte[] value) {
    await(new ProducerRecord<>(connection.nameOf(topic), key, value));
  }

  private <V extends SpecificRecord> void send(Topic<V> topic, String key, V value) {
    String name = connection.nameOf(topic);
    byte[] bytes = connection.serde(topic.value()).serializer().serialize(name, value);
    await(new ProducerRecord<>(name, key, bytes));
  }

  private void await(ProducerRecord<String, byte[]> record) {
    try {
      producer.send(record).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot send to " + record.topic(), e.getCause());
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
