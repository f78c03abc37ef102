/** What is counted, in the words of the domain, and how Micrometer counts it. */
@NullMarked
package io.deltapress.app.metrics;

import org.jspecify.annotations.NullMarked;
