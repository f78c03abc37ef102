package io.deltapress.schemas.serde;

/** What to do with the schema of a record that is about to be written. */
public enum SchemaRegistration {
  /** Only look its id up; somebody has registered it before. */
  LOOK_UP,
  /** Register it; meant for the embedded stack and for setup. */
  REGISTER
}
