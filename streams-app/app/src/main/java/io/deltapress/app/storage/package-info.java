/** Keeps immutable artifact bytes outside Kafka, under the name of their own digest. */
@NullMarked
package io.deltapress.app.storage;

import org.jspecify.annotations.NullMarked;
