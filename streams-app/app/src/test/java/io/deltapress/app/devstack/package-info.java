/** Specifications of the embedded stack. */
@NullMarked
package io.deltapress.app.devstack;

import org.jspecify.annotations.NullMarked;
