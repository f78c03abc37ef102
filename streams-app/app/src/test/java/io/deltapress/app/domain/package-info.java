/** Decisions as tables and as properties. */
@NullMarked
package io.deltapress.app.domain;

import org.jspecify.annotations.NullMarked;
