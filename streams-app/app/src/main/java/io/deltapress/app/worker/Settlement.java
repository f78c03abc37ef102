package io.deltapress.app.worker;

import org.apache.kafka.clients.consumer.AcknowledgeType;

/** How a record ends once everything it led to is durable. */
enum Settlement {
  /** It was answered with a result. */
  ACCEPTED(AcknowledgeType.ACCEPT),
  /** It cannot be worked on, by anybody. */
  REJECTED(AcknowledgeType.REJECT);

  private final AcknowledgeType acknowledgement;

  Settlement(AcknowledgeType acknowledgement) {
    this.acknowledgement = acknowledgement;
  }

  AcknowledgeType acknowledgement() {
    return acknowledgement;
  }
}
