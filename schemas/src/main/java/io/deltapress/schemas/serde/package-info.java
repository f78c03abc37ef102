/**
 * Records as bytes: Avro binary behind Confluent's five-byte prefix, with schemas looked up in a
 * registry under {@code <topic>-value}.
 */
@NullMarked
package io.deltapress.schemas.serde;

import org.jspecify.annotations.NullMarked;
