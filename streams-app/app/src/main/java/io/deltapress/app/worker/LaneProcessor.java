package io.deltapress.app.worker;

import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.WorkRecords;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Answers the records of the compress lane: a result for every task, a dead letter for what is no
 * task. On its last allowed delivery a task is answered as failed without being run, since it has
 * cost its earlier deliveries and the group forgets it without a word after this one.
 */
final class LaneProcessor implements RecordProcessor {
  private final LaneTopics topics;
  private final DurableWriter writer;
  private final TaskRunner runner;
  private final WorkerMetrics metrics;
  private final String worker;
  private final int deliveryLimit;
  private final Clock clock;

  /**
   * @param deliveryLimit how often the group delivers a record, as configured on it
   */
  LaneProcessor(
      LaneTopics topics,
      DurableWriter writer,
      TaskRunner runner,
      WorkerMetrics metrics,
      String worker,
      int deliveryLimit,
      Clock clock) {
    this.topics = topics;
    this.writer = writer;
    this.runner = runner;
    this.metrics = metrics;
    this.worker = worker;
    this.deliveryLimit = deliveryLimit;
    this.clock = clock;
  }

  @Override
  public Settlement process(ConsumerRecord<byte[], byte[]> taskRecord)
      throws IOException, InterruptedException {
    Optional<WorkTask> decoded = RegistryPatience.patiently(() -> topics.decode(taskRecord));
    if (decoded.isEmpty()) {
      return bury(taskRecord);
    }
    WorkTask task = decoded.get();
    int deliveries = Acquisition.of(taskRecord).count();
    if (deliveries >= deliveryLimit) {
      answer(task, Outcomes.quarantined(deliveries), clock.millis());
      metrics.rejected(ReasonCode.TASK_QUARANTINED.name());
      return Settlement.REJECTED;
    }
    long started = clock.millis();
    answer(task, runner.run(task), started);
    return Settlement.ACCEPTED;
  }

  private void answer(WorkTask task, Object outcome, long startedMillis)
      throws IOException, InterruptedException {
    WorkResult.Builder answered =
        WorkResult.newBuilder()
            .setTaskId(task.getTaskId())
            .setAttempt(task.getAttempt())
            .setWorker(worker)
            .setSubmissionId(task.getSubmissionId())
            .setTenant(task.getTenant())
            .setModel(task.getModel())
            .setFinishedAt(clock.instant());
    WorkResult result = WorkRecords.put(answered, outcome).build();
    writer.write(RegistryPatience.patiently(() -> topics.result(task.getReturnKey(), result)));
    Object work = WorkRecords.workOf(task);
    metrics.answered(
        // Null stands for a kind of work that a later release added.
        work == null ? "Unknown" : work.getClass().getSimpleName(),
        outcome.getClass().getSimpleName(),
        Duration.ofMillis(clock.millis() - startedMillis));
  }

  private Settlement bury(ConsumerRecord<byte[], byte[]> taskRecord)
      throws IOException, InterruptedException {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setInputTopic(taskRecord.topic())
            .setInputPartition(taskRecord.partition())
            .setInputOffset(taskRecord.offset())
            .setRecordSha256(LaneTopics.sha256(taskRecord.value()))
            .setReasonCode(ReasonCode.UNDECODABLE_RECORD.name())
            .setMessage("The record is no task this worker can read; see who writes to the lane")
            .setAttempts(Acquisition.of(taskRecord).count())
            .setDeadLetteredAt(clock.instant())
            .build();
    writer.write(RegistryPatience.patiently(() -> topics.deadLetter(taskRecord.key(), letter)));
    metrics.rejected(ReasonCode.UNDECODABLE_RECORD.name());
    return Settlement.REJECTED;
  }
}
