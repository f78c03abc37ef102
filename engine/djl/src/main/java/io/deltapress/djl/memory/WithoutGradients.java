package io.deltapress.djl.memory;

import ai.djl.pytorch.jni.JniUtils;

/**
 * Switches gradient recording off on this thread until closed.
 *
 * <p>The engine records gradients on every thread but the one that started it, where a forward pass
 * would keep its whole graph and an in-place update of a trained weight would fail.
 */
public final class WithoutGradients implements AutoCloseable {

  private final boolean before;

  /** Switches recording off on the calling thread. */
  public WithoutGradients() {
    TensorRuntime.engine();
    before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
  }

  /** Restores what was set before; to be called on the same thread. */
  @Override
  public void close() {
    JniUtils.setGradMode(before);
  }
}
