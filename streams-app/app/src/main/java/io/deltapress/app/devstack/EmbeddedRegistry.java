package io.deltapress.app.devstack;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A schema registry in this process, on the loopback interface, that speaks what clients of
 * Confluent's API need. New schemas have to be FULL_TRANSITIVE unless a subject is set otherwise.
 * It keeps what it was told in its directory.
 *
 * <p>Threading notes: start and close from one thread; requests are answered by a few daemon
 * threads.
 */
public final class EmbeddedRegistry implements AutoCloseable {
  private static final int THREADS = 4;

  private final DirectoryLock lock;
  private final SubjectStore store;
  private final HttpServer server;
  private final ExecutorService executor;

  private EmbeddedRegistry(
      DirectoryLock lock, SubjectStore store, HttpServer server, ExecutorService executor) {
    this.lock = lock;
    this.store = store;
    this.server = server;
    this.executor = executor;
  }

  /** Starts a registry on a free port. */
  public static EmbeddedRegistry start(Path directory) throws IOException {
    return start(directory, Ports.ANY);
  }

  /**
   * Starts a registry and waits until it serves.
   *
   * @param port of the loopback interface, 0 for any free one
   * @throws IOException with a final message if the directory or the port is in use, or what the
   *     directory holds is not readable
   */
  public static EmbeddedRegistry start(Path directory, int port) throws IOException {
    int required = Ports.require(port);
    DirectoryLock lock = DirectoryLock.acquire(directory, "schema registry");
    try {
      SubjectStore store = new SubjectStore(directory.resolve("schemas.jsonl"));
      HttpServer server = HttpServer.create(Ports.address(required), 0);
      ExecutorService executor = Executors.newFixedThreadPool(THREADS, daemons());
      server.setExecutor(executor);
      server.createContext("/", new RegistryHandler(new RegistryRoutes(store)));
      server.start();
      return new EmbeddedRegistry(lock, store, server, executor);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  private static ThreadFactory daemons() {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "schema-registry-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Returns the address for clients. */
  public String url() {
    return "http://" + Ports.hostAndPort(server.getAddress().getPort());
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    executor.shutdownNow();
    store.close();
    lock.close();
  }
}
