/** What workers promise, from locations of requests to records on a broker. */
@NullMarked
package io.deltapress.app.worker;

import org.jspecify.annotations.NullMarked;
