package io.deltapress.app.domain;

/** Who asked something of which model, as far as events, rejections and dead letters tell of it. */
public interface ModelRequest {
  /** Identity of the request among all requests of its model. */
  String submissionId();

  /** The tenant it names. */
  String tenant();

  /** The model it names. */
  String model();

  /** Principal who asked. */
  String requestedBy();

  /** The record it came in. */
  RequestSource source();

  /** {@code tenant/model}: what orders, keys and partitions everything about it. */
  default String modelKey() {
    return tenant() + "/" + model();
  }
}
