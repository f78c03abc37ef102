/** What the demo submits. */
@NullMarked
package io.deltapress.app.cli.demo;

import org.jspecify.annotations.NullMarked;
