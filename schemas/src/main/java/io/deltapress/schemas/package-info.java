/**
 * The wire contract: generated Avro records, reason codes and event types. Getters of optional
 * fields of generated records return null where the field is absent.
 */
@NullMarked
package io.deltapress.schemas;

import org.jspecify.annotations.NullMarked;
