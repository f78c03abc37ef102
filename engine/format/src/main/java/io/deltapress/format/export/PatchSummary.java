package io.deltapress.format.export;

/**
 * What an overwrite patch holds.
 *
 * @param tensors tensors it changes or adds
 * @param changedElements elements it overwrites
 * @param totalElements elements of all tensors of the result
 * @param bytes length of the file
 */
public record PatchSummary(int tensors, long changedElements, long totalElements, long bytes) {}
