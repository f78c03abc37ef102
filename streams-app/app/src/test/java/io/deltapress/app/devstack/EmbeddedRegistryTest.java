package io.deltapress.app.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.serde.AvroSerde;
import io.deltapress.schemas.serde.SchemaRegistration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedRegistryTest {
  private static final AvroSchema FIRST = record("{'name':'a','type':'int','doc':'one'}");
  private static final AvroSchema EXTENDED =
      record("{'name':'a','type':'int'},{'name':'b','type':'string','default':''}");
  private static final AvroSchema INCOMPATIBLE = record("{'name':'c','type':'int'}");

  @TempDir private Path directory;
  private EmbeddedRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = EmbeddedRegistry.start(directory);
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  @Test
  void shouldGiveOutWhatAnotherClientRegistered() throws Exception {
    // Given
    int id = client().register("s-value", FIRST);

    // When
    SchemaRegistryClient other = client();

    // Then
    assertThat(other.getSchemaById(id)).isEqualTo(FIRST);
    assertThat(other.getId("s-value", FIRST)).isEqualTo(id);
    assertThat(other.getVersion("s-value", FIRST)).isEqualTo(1);
    assertThat(other.getAllVersions("s-value")).containsExactly(1);
    assertThat(other.getAllSubjects()).containsExactly("s-value");
    assertThat(other.getLatestSchemaMetadata("s-value").getId()).isEqualTo(id);
    assertThat(other.getSchemaMetadata("s-value", 1).getSchema())
        .isEqualTo(FIRST.canonicalString());
  }

  @Test
  void shouldGiveOneIdToOneSchema() throws Exception {
    // Given
    int id = client().register("s-value", FIRST);

    // When
    int again = client().register("s-value", FIRST);
    int elsewhere = client().register("t/ä-value", FIRST);
    int extended = client().register("s-value", EXTENDED);

    // Then
    assertThat(again).isEqualTo(id);
    assertThat(elsewhere).isEqualTo(id);
    assertThat(extended).isNotEqualTo(id);
    assertThat(client().getLatestSchemaMetadata("s-value").getVersion()).isEqualTo(2);
  }

  @Test
  void shouldRefuseIncompatibleSchemaAsConfluentDoes() throws Exception {
    // Given
    client().register("s-value", FIRST);

    // When
    RestClientException refusal =
        catchThrowableOfType(
            RestClientException.class, () -> client().register("s-value", INCOMPATIBLE));

    // Then
    assertThat(refusal.getStatus()).isEqualTo(409);
    assertThat(refusal.getMessage())
        .startsWith(
            "Schema being registered is incompatible with an earlier schema for subject"
                + " \"s-value\": ");
    assertThat(client().getAllVersions("s-value")).containsExactly(1);
    assertThat(client().testCompatibility("s-value", INCOMPATIBLE)).isFalse();
    assertThat(client().testCompatibility("s-value", EXTENDED)).isTrue();
  }

  @Test
  void shouldTakeAnySchemaWhenSubjectIsSetSo() throws Exception {
    // Given
    client().register("s-value", FIRST);

    // When
    client().updateCompatibility("s-value", "NONE");

    // Then
    assertThat(client().getCompatibility("s-value")).isEqualTo("NONE");
    assertThat(client().getCompatibility(null)).isEqualTo("FULL_TRANSITIVE");
    assertThat(client().register("s-value", INCOMPATIBLE)).isEqualTo(2);
  }

  @Test
  void shouldRememberEverythingWhenStartedAgain() throws Exception {
    // Given
    int first = client().register("s-value", FIRST);
    int second = client().register("t-value", INCOMPATIBLE);
    client().updateCompatibility("s-value", "NONE");

    // When
    restart();

    // Then
    assertThat(client().getSchemaById(first)).isEqualTo(FIRST);
    assertThat(client().getId("t-value", INCOMPATIBLE)).isEqualTo(second);
    assertThat(client().getCompatibility("s-value")).isEqualTo("NONE");
    assertThat(client().register("u-value", EXTENDED)).isGreaterThan(Math.max(first, second));
  }

  @Test
  void shouldServeReaderThatCameWhileItWasAway() throws Exception {
    // Given
    ModelHead head =
        new ModelHead("acme", "router", 1, null, "b", Instant.EPOCH, "ops", "published");
    int port = URI.create(registry.url()).getPort();
    byte[] bytes = serde().serializer().serialize("heads", head);
    AvroSerde<ModelHead> reader = serde();
    registry.close();

    // When
    CompletableFuture<ModelHead> read =
        CompletableFuture.supplyAsync(() -> reader.deserializer().deserialize("heads", bytes));
    registry = EmbeddedRegistry.start(directory, port);

    // Then
    assertThat(read).succeedsWithin(Duration.ofSeconds(15)).isEqualTo(head);
  }

  @Test
  void shouldDropLineCutShortByACrash() throws Exception {
    // Given
    int id = client().register("s-value", FIRST);
    registry.close();
    Files.writeString(
        directory.resolve("schemas.jsonl"), "{\"subject\":\"t", StandardOpenOption.APPEND);

    // When
    registry = EmbeddedRegistry.start(directory);

    // Then
    assertThat(client().getAllSubjects()).containsExactly("s-value");
    assertThat(client().register("t-value", EXTENDED)).isEqualTo(id + 1);
    restart();
    assertThat(client().getSchemaById(id + 1)).isEqualTo(EXTENDED);
  }

  @Test
  void shouldRefuseDirectoryInUse() {
    // When / Then
    assertThatThrownBy(() -> EmbeddedRegistry.start(directory))
        .isInstanceOf(IOException.class)
        .hasMessage(
            directory
                + " is in use by another schema registry: stop that one, or choose another"
                + " directory");
  }

  @Test
  void shouldRefusePortInUse(@TempDir Path another) {
    // Given
    int port = URI.create(registry.url()).getPort();

    // When / Then
    assertThatThrownBy(() -> EmbeddedRegistry.start(another, port))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "port %d of 127.0.0.1 is in use: stop what listens there, or choose another"
                .formatted(port));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/subjects/nope/versions||404|40401",
        "GET|/subjects/nope/versions/latest||404|40401",
        "POST|/subjects/nope|{\"schema\":\"\\\"int\\\"\"}|404|40401",
        "POST|/subjects/s-value|{\"schema\":\"\\\"int\\\"\"}|404|40403",
        "GET|/subjects/s-value/versions/9||404|40402",
        "GET|/schemas/ids/99||404|40403",
        "GET|/schemas/ids/x||404|40403",
        "GET|/config/nope||404|40408",
        "PUT|/config/s-value|{\"compatibility\":\"SOME\"}|422|42203",
        "POST|/subjects/s-value/versions|{\"schema\":\"nonsense\"}|422|42201",
        "POST|/subjects/s-value/versions|{\"schema\":\"message M {}\",\"schemaType\":\"PROTOBUF\"}|422|422",
        "POST|/subjects/s-value/versions|{}|422|422",
        "POST|/subjects/s-value/versions|nonsense|422|422",
        "GET|/nowhere||404|404",
        "DELETE|/config/s-value||404|404"
      })
  void shouldAnswerMistakesAsConfluentDoes(
      String method, String path, String body, int status, int code) throws Exception {
    // Given
    client().register("s-value", FIRST);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registry.url() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body == null ? "" : body))
            .build();

    // When
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

    // Then
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains("\"error_code\":" + code).contains("\"message\":\"");
  }

  private void restart() throws IOException {
    registry.close();
    registry = EmbeddedRegistry.start(directory);
  }

  private SchemaRegistryClient client() {
    return new CachedSchemaRegistryClient(registry.url(), 10);
  }

  private AvroSerde<ModelHead> serde() {
    return AvroSerde.of(ModelHead.class, client(), SchemaRegistration.REGISTER);
  }

  private static AvroSchema record(String fields) {
    return new AvroSchema(
        "{'type':'record','name':'R','fields':[%s]}".formatted(fields).replace('\'', '"'));
  }
}
