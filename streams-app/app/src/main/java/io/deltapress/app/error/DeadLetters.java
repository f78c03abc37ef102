package io.deltapress.app.error;

import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.ReasonCode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Dead letters of records that nobody could read: a digest and a place, never the content. */
public final class DeadLetters {
  private DeadLetters() {}

  /**
   * A record that is not what its topic promises.
   *
   * @param value its bytes; null if it has none
   * @param cause why it cannot be decoded; null if there was nothing to decode
   */
  public static DeadLetter undecodable(
      RecordPlace place, byte @Nullable [] value, @Nullable Exception cause, Instant now) {
    return DeadLetter.newBuilder()
        .setInputTopic(place.topic())
        .setInputPartition(place.partition())
        .setInputOffset(place.offset())
        .setRecordSha256(value == null ? null : sha256(value))
        .setReasonCode(ReasonCode.UNDECODABLE_RECORD.name())
        .setMessage(
            "record %d of %s-%d cannot be decoded: write it with the schema registered for its topic"
                .formatted(place.offset(), place.topic(), place.partition()))
        .setErrorClass(cause == null ? null : rootCause(cause).getClass().getName())
        .setAttempts(1)
        .setDeadLetteredAt(now)
        .build();
  }

  /** Where a record is. */
  public record RecordPlace(String topic, int partition, long offset) {}

  private static Throwable rootCause(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
