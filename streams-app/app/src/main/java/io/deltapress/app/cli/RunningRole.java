package io.deltapress.app.cli;

import java.util.concurrent.ExecutionException;

/**
 * A role as commands see it.
 *
 * @param name what it is called in the lines about it
 * @param start starts it and returns once it is ready
 * @param end waits until it has ended
 * @param close has it end
 */
record RunningRole(String name, Start start, End end, Runnable close) {

  /** Starts a role. */
  @FunctionalInterface
  interface Start {
    void run() throws Exception;
  }

  /** Waits for the end of a role. */
  @FunctionalInterface
  interface End {
    void await() throws InterruptedException, ExecutionException;
  }
}
