/**
 * Generates the small world of facts, and the tenants' tasks, that the reference models are trained
 * on.
 */
@NullMarked
package io.deltapress.djl.world;

import org.jspecify.annotations.NullMarked;
