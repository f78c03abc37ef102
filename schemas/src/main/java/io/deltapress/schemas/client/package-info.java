/** How a process reaches the broker and the registry. */
@NullMarked
package io.deltapress.schemas.client;

import org.jspecify.annotations.NullMarked;
