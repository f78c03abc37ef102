/**
 * Gets the shards of an artifact onto this host: from chunk records or from a store of objects,
 * into a content-addressed cache, with every byte verified before a shard counts as there.
 */
@NullMarked
package io.deltapress.follower.fetch;

import org.jspecify.annotations.NullMarked;
