/**
 * Turns a base and the shards of an artifact into files a serving engine loads, in a directory that
 * is right at every moment: a version is there whole or not at all, and the link to the served one
 * is switched at once.
 */
@NullMarked
package io.deltapress.follower.materialise;

import org.jspecify.annotations.NullMarked;
