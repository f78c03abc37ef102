package io.deltapress.app.setup;

import io.deltapress.schemas.client.Connection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Prepares a broker and a registry: topics of the catalogue, settings of share groups, schemas.
 * Running it again does what is missing and no more.
 */
public final class PipelineSetup {
  private final Connection connection;
  private final TopicLayout layout;

  /** Returns the setup of what a connection leads to. */
  public PipelineSetup(Connection connection, TopicLayout layout) {
    this.connection = connection;
    this.layout = layout;
  }

  /**
   * Does what is missing.
   *
   * @throws SetupException when the broker or the registry does not answer or refuses
   * @throws InterruptedException when interrupted while waiting for either
   */
  public SetupSummary run() throws SetupException, InterruptedException {
    try (Admin admin = Admin.create(connection.commonProperties())) {
      CatalogueTopics topics = new CatalogueTopics(admin, connection.topicPrefix(), layout);
      TopicsFound found = topics.find();
      List<String> created = topics.create(found);
      new ShareGroupSettings(admin, connection.topicPrefix()).apply();
      List<String> registered = new CatalogueSchemas(connection).register();
      return new SetupSummary(created, found.present(), registered, topics.differences(found));
    } catch (ExecutionException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  private SetupException failed(Throwable cause) {
    return new SetupException(
        "Setting up %s failed: %s".formatted(connection, oneLine(cause)), cause);
  }

  private static String oneLine(Throwable cause) {
    String message = cause.getMessage();
    return (message == null ? cause.toString() : message).replaceAll("\\s+", " ").strip();
  }
}
