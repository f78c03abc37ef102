/**
 * Model editing: requests "for this prompt answer that", and the editors that turn them into
 * low-rank shifts of weights (MEND, MALMEN, UltraEdit, fine-tuning).
 */
@NullMarked
package io.deltapress.djl.edit;

import org.jspecify.annotations.NullMarked;
