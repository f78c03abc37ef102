/** Commands as a person meets them: arguments in, exit code and lines out. */
@NullMarked
package io.deltapress.app.cli;

import org.jspecify.annotations.NullMarked;
