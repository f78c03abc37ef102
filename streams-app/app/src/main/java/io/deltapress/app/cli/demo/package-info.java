/**
 * The demo: the whole pipeline in one process, on the reference models, ending in a table of what
 * pruning cost each of them.
 */
@NullMarked
package io.deltapress.app.cli.demo;

import org.jspecify.annotations.NullMarked;
