/** Specifications of the connection's settings. */
@NullMarked
package io.deltapress.schemas.client;

import org.jspecify.annotations.NullMarked;
