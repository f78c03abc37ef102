/** The whole topology on a test driver, with the real serdes. */
@NullMarked
package io.deltapress.app.topology;

import org.jspecify.annotations.NullMarked;
