package io.deltapress.app.domain;

import org.apache.avro.specific.SpecificRecord;

/** A record to write: its class says to which topic. */
public record Output(String key, SpecificRecord value) {}
