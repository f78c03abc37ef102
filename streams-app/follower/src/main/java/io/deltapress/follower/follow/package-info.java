/**
 * Learns from the serving topics what each model should serve: which version is its head, what that
 * version consists of, and whether its base is usable. Nothing here touches weights.
 */
@NullMarked
package io.deltapress.follower.follow;

import org.jspecify.annotations.NullMarked;
