package io.deltapress.app.cli.client;

import java.time.Instant;

/**
 * A record of a topic.
 *
 * @param key its key
 * @param value its value
 * @param writtenAt when the broker or the writer says it was written
 * @param <V> the record it carries
 */
public record Entry<V>(String key, V value, Instant writtenAt) {}
