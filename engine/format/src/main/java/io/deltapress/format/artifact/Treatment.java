package io.deltapress.format.artifact;

import io.deltapress.format.tensor.TensorInfo;
import org.jspecify.annotations.Nullable;

/** What becomes of a tensor of the fine-tune. */
enum Treatment {
  /** Its delta is pruned. */
  PRUNED,
  /** It is stored whole if it differs from that of the base. */
  WHOLE_IF_CHANGED,
  /** It is new, or of another type or shape, and stored whole. */
  WHOLE;

  static Treatment of(@Nullable TensorInfo base, TensorInfo fineTuned, NameFilter filter) {
    if (!fineTuned.equals(base)) {
      return WHOLE;
    }
    return fineTuned.dtype().isFloat() && filter.accepts(fineTuned.name())
        ? PRUNED
        : WHOLE_IF_CHANGED;
  }
}
