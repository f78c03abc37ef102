/**
 * Delta artifacts: made from a base and a fine-tune, read as a stranger's input, applied, verified
 * and undone. {@code FORMAT.md} defines the files to the byte.
 *
 * <p>{@link io.deltapress.format.artifact.DeltaSurvey} plans shards from headers alone, {@link
 * io.deltapress.format.artifact.ShardCompressor} makes one shard, {@link
 * io.deltapress.format.artifact.DeltaCompressor} a whole artifact; {@link
 * io.deltapress.format.artifact.DeltaArtifact} opens what they made and {@link
 * io.deltapress.format.artifact.DeltaApplier} turns a base into its result. Work goes block by
 * block, so memory does not depend on the size of a tensor, and no file is visible before it is
 * whole.
 */
@NullMarked
package io.deltapress.format.artifact;

import org.jspecify.annotations.NullMarked;
