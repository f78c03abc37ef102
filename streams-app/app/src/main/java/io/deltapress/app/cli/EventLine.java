package io.deltapress.app.cli;

import io.deltapress.schemas.Progress;
import io.deltapress.schemas.RegistryEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** An event as one line for a person. */
final class EventLine {
  private static final String TYPE_PREFIX = "io.deltapress.";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private EventLine() {}

  static String of(RegistryEvent event) {
    return "%s  %-20s  %s%s%s"
        .formatted(
            TIME.format(event.getTime()),
            shortType(event.getType()),
            subject(event),
            Printable.of(event.getMessage()),
            progress(event.getProgress()));
  }

  /** The type without what all of ours share. */
  static String shortType(String type) {
    return Printable.of(type.startsWith(TYPE_PREFIX) ? type.substring(TYPE_PREFIX.length()) : type);
  }

  /** A time as documents and tables show it. */
  static String time(Instant time) {
    return DateTimeFormatter.ISO_INSTANT.format(time);
  }

  private static String subject(RegistryEvent event) {
    if (event.getTenant().isEmpty()) {
      return "";
    }
    String model = event.getModel().isEmpty() ? "" : "/" + event.getModel();
    return event.getTenant() + model + "  ";
  }

  private static String progress(@Nullable Progress progress) {
    return progress == null ? "" : " (%d of %d)".formatted(progress.getDone(), progress.getTotal());
  }
}
