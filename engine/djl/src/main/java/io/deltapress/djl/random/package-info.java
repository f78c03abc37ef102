/** Random numbers that are the same on every machine and every JDK. */
@NullMarked
package io.deltapress.djl.random;

import org.jspecify.annotations.NullMarked;
