/**
 * Processors: each reads its stores, asks the domain, writes what it decided, then forwards it. All
 * decisions are made before the first record is forwarded, since a record that was forwarded stays
 * in the output even if its processor fails afterwards.
 *
 * <p>Processors belong to the stream thread of their task. They keep no state of their own beyond
 * what {@code init} reads from the stores, for a task may be closed and opened again at any time.
 */
@NullMarked
package io.deltapress.app.processor;

import org.jspecify.annotations.NullMarked;
