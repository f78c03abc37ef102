package io.deltapress.schemas.asyncapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.schemas.serde.WireSchema;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** The wire contract as an AsyncAPI 3.0 document, made from the catalogue of topics. */
final class AsyncApiPage {
  private static final String HEADER =
      "# Generated from the catalogue of topics and the Avro schemas; do not edit.\n"
          + "# To write it again: mvn -pl schemas test -Dtest=AsyncApiPageTest"
          + " -Dasyncapi.write=true\n";

  /**
   * What the topologies read; all other topics they write, themselves or through workers and
   * followers.
   */
  private static final Set<Topic<?>> RECEIVED =
      Set.of(Topics.BASES, Topics.DELTAS_SUBMITTED, Topics.WORK_RESULTS);

  private static final ObjectMapper JSON = new ObjectMapper();

  private AsyncApiPage() {}

  static String yaml() {
    return HEADER + yamlDumper().dump(document());
  }

  static Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("asyncapi", "3.0.0");
    document.put("info", info());
    document.put("defaultContentType", "application/avro");
    document.put("channels", channels());
    document.put("operations", operations());
    document.put("components", Map.of("messages", messages()));
    return document;
  }

  private static Map<String, Object> info() {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("title", "Deltapress");
    info.put("version", "1");
    info.put(
        "description",
        "The topics of Deltapress. Keys are UTF-8 strings. Values are Avro in Confluent's wire"
            + " format, under TopicNameStrategy, compatible FULL_TRANSITIVE. The prefix of topic"
            + " names is configurable.");
    info.put("license", Map.of("name", "Apache-2.0"));
    return info;
  }

  private static Map<String, Object> channels() {
    Map<String, Object> channels = new LinkedHashMap<>();
    Topics.all().forEach(topic -> channels.put(topic.suffix(), channel(topic)));
    return channels;
  }

  private static Map<String, Object> messages() {
    Map<String, Object> messages = new LinkedHashMap<>();
    Topics.all().forEach(topic -> messages.put(messageName(topic), message(topic)));
    return messages;
  }

  private static Map<String, Object> channel(Topic<?> topic) {
    Map<String, Object> kafka = new LinkedHashMap<>();
    kafka.put("topic", topic.name(Topics.DEFAULT_PREFIX));
    if (topic.partitionCount(0) > 0) {
      kafka.put("partitions", topic.partitionCount(0));
    }
    kafka.put("topicConfiguration", topicConfiguration(topic));
    kafka.put("bindingVersion", "0.5.0");
    Map<String, Object> channel = new LinkedHashMap<>();
    channel.put("address", topic.name(Topics.DEFAULT_PREFIX));
    channel.put("description", topic.purpose());
    channel.put(
        "messages",
        Map.of(messageName(topic), Map.of("$ref", "#/components/messages/" + messageName(topic))));
    channel.put("bindings", Map.of("kafka", kafka));
    return channel;
  }

  private static Map<String, Object> topicConfiguration(Topic<?> topic) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("cleanup.policy", List.of(topic.retention().cleanupPolicy()));
    topic.retention().time().ifPresent(kept -> configuration.put("retention.ms", kept.toMillis()));
    return configuration;
  }

  private static Map<String, Object> operations() {
    Map<String, Object> operations = new LinkedHashMap<>();
    for (Topic<?> topic : Topics.all()) {
      String action = RECEIVED.contains(topic) ? "receive" : "send";
      Map<String, Object> operation = new LinkedHashMap<>();
      operation.put("action", action);
      operation.put("channel", Map.of("$ref", "#/channels/" + topic.suffix()));
      operation.put("summary", topic.purpose());
      operations.put(action + "." + topic.suffix(), operation);
    }
    return operations;
  }

  private static Map<String, Object> message(Topic<?> topic) {
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("type", "string");
    key.put("description", topic.keyForm());
    Map<String, Object> kafka = new LinkedHashMap<>();
    kafka.put("key", key);
    kafka.put("schemaIdLocation", "payload");
    kafka.put("schemaIdPayloadEncoding", "confluent");
    kafka.put("schemaLookupStrategy", "TopicNameStrategy");
    kafka.put("bindingVersion", "0.5.0");
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("name", messageName(topic));
    message.put("summary", WireSchema.of(topic.value()).getDoc());
    message.put("payload", payload(topic.value()));
    message.put("bindings", Map.of("kafka", kafka));
    return message;
  }

  private static Map<String, Object> payload(Class<? extends SpecificRecord> type) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("schemaFormat", "application/vnd.apache.avro+json;version=1.9.0");
    payload.put("schema", tree(WireSchema.of(type)));
    return payload;
  }

  private static Map<String, Object> tree(Schema schema) {
    try {
      return JSON.readValue(schema.toString(), new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The schema of " + schema.getFullName() + " is no JSON.", e);
    }
  }

  private static String messageName(Topic<?> topic) {
    return topic.value().getSimpleName();
  }

  private static Yaml yamlDumper() {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setDereferenceAliases(true);
    options.setWidth(120);
    options.setSplitLines(true);
    return new Yaml(options);
  }
}
