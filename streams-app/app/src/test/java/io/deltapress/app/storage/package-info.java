/** What every object store promises, asked of each of them. */
@NullMarked
package io.deltapress.app.storage;

import org.jspecify.annotations.NullMarked;
