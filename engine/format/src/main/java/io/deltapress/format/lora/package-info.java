/**
 * Low-rank adapters (Hu et al., LoRA, 2021) as Hugging Face PEFT keeps them on disk: read as a
 * fine-tune of their base, pruned factor by factor, and written.
 */
@NullMarked
package io.deltapress.format.lora;

import org.jspecify.annotations.NullMarked;
