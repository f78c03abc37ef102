package io.deltapress.app.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A store did not do what it was asked. The message is final: one line naming the object, what went
 * wrong and what helps. Implementations map whatever their medium throws to one of the subclasses
 * or to {@link StoreUnavailableException}; nothing of a vendor's library leaks through {@link
 * ObjectStore}.
 */
public abstract class StorageException extends IOException {
  protected StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
