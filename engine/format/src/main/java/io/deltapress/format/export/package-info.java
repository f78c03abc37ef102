/**
 * Artifacts in the forms that others load: the full checkpoint, and patches of changed values.
 *
 * <p>An artifact stays canonical; an export is a view of it that needs no mask.
 */
@NullMarked
package io.deltapress.format.export;

import org.jspecify.annotations.NullMarked;
