/** What clients make of the pipeline's topics. */
@NullMarked
package io.deltapress.app.cli.client;

import org.jspecify.annotations.NullMarked;
