/** Today's schemas against the museum of released ones. */
@NullMarked
package io.deltapress.schemas.evolution;

import org.jspecify.annotations.NullMarked;
