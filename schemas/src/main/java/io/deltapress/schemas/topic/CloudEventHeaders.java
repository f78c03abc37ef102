package io.deltapress.schemas.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltapress.schemas.RegistryEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The headers that make a record of {@code registry.events} a CloudEvent 1.0 in binary content
 * mode, after the Kafka protocol binding of CloudEvents. They repeat the value, which alone
 * identifies the event.
 */
public final class CloudEventHeaders {
  private CloudEventHeaders() {}

  /** Returns the headers of an event; {@code ce_subject} is the record's key. */
  public static Headers of(String key, RegistryEvent event) {
    Headers headers = new RecordHeaders();
    add(headers, "ce_specversion", "1.0");
    add(headers, "ce_id", event.getEventId());
    add(headers, "ce_type", event.getType());
    add(headers, "ce_source", event.getSource());
    add(headers, "ce_subject", key);
    add(headers, "ce_time", time(event.getTime()));
    add(headers, "content-type", "application/avro");
    return headers;
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
