/** How shards are fetched. */
@NullMarked
package io.deltapress.follower.fetch;

import org.jspecify.annotations.NullMarked;
