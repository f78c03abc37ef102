/** The application: one program with a command for every role, client and offline use. */
@NullMarked
package io.deltapress.app;

import org.jspecify.annotations.NullMarked;
