package io.deltapress.app.domain;

/** The record a request came in, so that a rejection can point at it. */
public record RequestSource(String topic, int partition, long offset) {}
