package io.deltapress.app.processor;

import io.deltapress.app.domain.RequestSource;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Where a record came from, carried over a repartition topic. */
final class SourceHeaders {
  private static final String TOPIC = "deltapress-source-topic";
  private static final String PARTITION = "deltapress-source-partition";
  private static final String OFFSET = "deltapress-source-offset";

  private static final String KIND = "deltapress-request-kind";

  private SourceHeaders() {}

  /** The same of a request, whose kind the other side needs to open it. */
  static Headers of(RequestSource source, RequestKind kind) {
    return of(source).add(KIND, bytes(kind.name()));
  }

  /** The kind of a request; one that an earlier release wrote is of a delta. */
  static RequestKind kind(Headers headers) {
    return headers.lastHeader(KIND) == null
        ? RequestKind.DELTA
        : RequestKind.valueOf(text(headers, KIND));
  }

  static Headers of(RequestSource source) {
    Headers headers = new RecordHeaders();
    headers.add(TOPIC, bytes(source.topic()));
    headers.add(PARTITION, bytes(Integer.toString(source.partition())));
    headers.add(OFFSET, bytes(Long.toString(source.offset())));
    return headers;
  }

  static RequestSource read(Headers headers) {
    return new RequestSource(
        text(headers, TOPIC),
        Integer.parseInt(text(headers, PARTITION)),
        Long.parseLong(text(headers, OFFSET)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    if (header == null) {
      throw new IllegalStateException("a repartitioned record lacks the header " + name);
    }
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
