/** The follower as a whole, against a real broker. */
@NullMarked
package io.deltapress.follower;

import org.jspecify.annotations.NullMarked;
