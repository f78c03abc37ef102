/**
 * The follower: keeps the head of each model ready, as files, on a serving host.
 *
 * <p>The work has four steps, one package each: {@code follow} learns from topics what to serve,
 * {@code fetch} gets artifacts, {@code materialise} turns them into checkpoints, {@code report}
 * tells others. This package puts them together.
 */
@NullMarked
package io.deltapress.follower;

import org.jspecify.annotations.NullMarked;
