/** Describes the reference models that ship with the project. */
@NullMarked
package io.deltapress.djl.reference;

import org.jspecify.annotations.NullMarked;
