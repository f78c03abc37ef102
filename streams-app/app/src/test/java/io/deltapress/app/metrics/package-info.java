/** What is counted. */
@NullMarked
package io.deltapress.app.metrics;

import org.jspecify.annotations.NullMarked;
