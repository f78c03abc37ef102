/** The step of a follower's work with the same name, by itself. */
@NullMarked
package io.deltapress.follower.materialise;

import org.jspecify.annotations.NullMarked;
