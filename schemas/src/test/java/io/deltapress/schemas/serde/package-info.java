/** Specifications of the wire format and of registries that fail. */
@NullMarked
package io.deltapress.schemas.serde;

import org.jspecify.annotations.NullMarked;
