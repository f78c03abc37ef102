package io.deltapress.app.processor;

/** What requests of a model there are; all of them share one internal topic, which orders them. */
public enum RequestKind {
  DELTA,
  EDIT,
  CONTROL
}
