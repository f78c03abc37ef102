/** What the pipeline takes from a request to a served answer. */
@NullMarked
package io.deltapress.app.benchmark;

import org.jspecify.annotations.NullMarked;
