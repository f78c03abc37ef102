package io.deltapress.app.cli;

import io.deltapress.schemas.topic.ModelKey;

/** Models as people type them: {@code tenant/model}. */
final class Models {
  private Models() {}

  static ModelKey parse(String text) {
    try {
      return ModelKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
