package io.deltapress.follower;

import io.deltapress.follower.report.FollowerListener;
import io.deltapress.schemas.client.Connection;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Follows the serving topics and keeps the head of each model ready in a directory:
 *
 * <pre>
 *   tenant/model/current -&gt; versions/000007     what to serve; switched at once
 *   tenant/model/versions/000007/checkpoint/     Hugging Face directory with the patched weights
 *   tenant/model/versions/000007/overwrite-patch.safetensors
 *   tenant/model/versions/000007/version.json    what the version consists of, written last
 *   tenant/model/shards/                         fetched shards of the versions that are kept
 * </pre>
 *
 * <p>One thread follows, one loads, one reports. The role ends when it is closed, or when one of
 * them fails for a reason that trying again does not help.
 */
public final class FollowerRole implements AutoCloseable {
  private final FollowerConfig config;
  private final Connection connection;
  private final FollowerListener listener;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private @Nullable FollowerThreads threads;

  /** A follower that tells nobody in this process. */
  public FollowerRole(FollowerConfig config, Connection connection) {
    this(config, connection, FollowerListener.none());
  }

  /** A follower that tells a listener in this process what it does. */
  public FollowerRole(FollowerConfig config, Connection connection, FollowerListener listener) {
    this.config = config;
    this.connection = connection;
    this.listener = listener;
  }

  /**
   * Takes the directory and starts; the topics are read in the background.
   *
   * @throws IOException with a final message if the directory cannot be had
   */
  public synchronized void start() throws IOException {
    if (threads != null || ended.isDone()) {
      throw new IllegalStateException("A follower role is started once");
    }
    threads = FollowerThreads.start(config, connection, listener, ended);
  }

  /**
   * Waits until the role has ended, be it closed or failed.
   *
   * @throws ExecutionException if it failed; the cause says why
   */
  public void awaitTermination() throws InterruptedException, ExecutionException {
    ended.get();
  }

  /**
   * Ends the role. What is being built is given up and leaves nothing but fetched shards; what is
   * served stays. Closing again does nothing.
   */
  @Override
  public synchronized void close() {
    if (threads != null) {
      threads.close();
    }
    ended.complete(null);
  }
}
