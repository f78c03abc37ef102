/**
 * The study: every way of pruning on every kind of delta, measured through real artifacts, with
 * fixed seeds, in a way that can be interrupted and goes on.
 */
@NullMarked
package io.deltapress.djl.study;

import org.jspecify.annotations.NullMarked;
