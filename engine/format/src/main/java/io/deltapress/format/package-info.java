/**
 * What every part of the format shares: the failures a person can act on, and progress.
 *
 * <p>Nothing here or below knows DJL or Kafka; whoever consumes a delta artifact needs only this
 * module.
 */
@NullMarked
package io.deltapress.format;

import org.jspecify.annotations.NullMarked;
