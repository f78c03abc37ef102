/** Specifications of the catalogue and of keys. */
@NullMarked
package io.deltapress.schemas.topic;

import org.jspecify.annotations.NullMarked;
