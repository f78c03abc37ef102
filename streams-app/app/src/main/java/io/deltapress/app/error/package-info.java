/** What becomes of records that cannot be processed, and of a process that cannot go on. */
@NullMarked
package io.deltapress.app.error;

import org.jspecify.annotations.NullMarked;
