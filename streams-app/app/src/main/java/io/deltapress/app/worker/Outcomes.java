package io.deltapress.app.worker;

import io.deltapress.app.storage.StorageException;
import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.TaskFailed;
import io.deltapress.schemas.TaskRefused;

/**
 * Says of everything that can end a task whose fault it is: the user's, which ends the submission,
 * or ours, which is tried again.
 */
final class Outcomes {
  private static final int MOST_MESSAGE_CHARACTERS = 500;
  private static final String NO_ERROR = "";

  private Outcomes() {}

  static Object of(Throwable cause, TaskSources sources) {
    String message = shortened(sources.concealed(messageOf(cause)));
    if (cause instanceof TaskRefusedException refused) {
      return refused(refused.reason(), message);
    }
    if (cause instanceof LocationRefusedException) {
      return refused(ReasonCode.LOCATION_NOT_ALLOWED, message);
    }
    if (cause instanceof BadInputException bad) {
      return refused(reasonOf(bad), message);
    }
    if (cause instanceof IntegrityException) {
      return refused(ReasonCode.BASE_DIGEST_MISMATCH, message);
    }
    return new TaskFailed(failureOf(cause).name(), message, cause.getClass().getName());
  }

  /** What a task is answered with on its last allowed delivery, instead of being run. */
  static TaskFailed quarantined(int deliveries) {
    return new TaskFailed(
        ReasonCode.TASK_QUARANTINED.name(),
        "The task was handed to workers %d times and none of them answered; it was not run again"
            .formatted(deliveries - 1),
        NO_ERROR);
  }

  /** A message as it may stand in an answer: one line, not too long. */
  static String line(String message) {
    return shortened(message.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " "));
  }

  private static ReasonCode reasonOf(BadInputException bad) {
    return switch (bad.kind()) {
      case MALFORMED -> ReasonCode.UNREADABLE_WEIGHTS;
      case MISSING_TENSOR -> ReasonCode.TENSOR_MISSING;
      case NON_FINITE -> ReasonCode.NON_FINITE_RESULT;
    };
  }

  private static TaskRefused refused(ReasonCode reason, String message) {
    return new TaskRefused(reason.name(), message);
  }

  private static ReasonCode failureOf(Throwable cause) {
    if (cause instanceof TaskFailedException failed) {
      return failed.reason();
    }
    return cause instanceof StorageException
        ? ReasonCode.STORE_UNAVAILABLE
        : ReasonCode.WORKER_ERROR;
  }

  /** Only messages that were written for a person stand alone; others need their class. */
  private static String messageOf(Throwable cause) {
    boolean written =
        cause instanceof BadInputException
            || cause instanceof IntegrityException
            || cause instanceof StorageException
            || cause instanceof TaskRefusedException
            || cause instanceof TaskFailedException
            || cause instanceof LocationRefusedException;
    String message = written ? String.valueOf(cause.getMessage()) : cause.toString();
    return message.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
  }

  private static String shortened(String message) {
    return message.length() <= MOST_MESSAGE_CHARACTERS
        ? message
        : message.substring(0, MOST_MESSAGE_CHARACTERS) + "…";
  }
}
