package io.deltapress.app.devstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker, a registry or both in a process of their own: prints one line once they serve, {@code
 * ready bootstrap.servers=… schema.registry.url=…}, and stops cleanly on SIGTERM.
 */
public final class DevStackMain {
  private static final Logger LOG = LoggerFactory.getLogger(DevStackMain.class);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  private DevStackMain() {}

  /** Starts what the arguments name; ends the process with 1 if something does not start. */
  public static void main(String[] arguments) {
    // Names, ids and figures are read by programs: digits must be 0 to 9 wherever this runs.
    Locale.setDefault(Locale.ROOT);
    DevStackMain main = new DevStackMain();
    try {
      String ready = main.start(DevStackArguments.parse(arguments));
      Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "stop-devstack"));
      print(FileDescriptor.out, ready);
    } catch (IOException | IllegalArgumentException e) {
      print(FileDescriptor.err, e.getMessage());
      // A broker that failed to start leaves threads behind that would keep the process alive.
      Runtime.getRuntime().halt(1);
    }
  }

  private String start(DevStackArguments arguments) throws IOException {
    StringJoiner ready = new StringJoiner(" ").add("ready");
    if (arguments.registryPort().isPresent()) {
      EmbeddedRegistry registry =
          EmbeddedRegistry.start(
              arguments.directory().resolve("registry"), arguments.registryPort().getAsInt());
      running.push(registry);
      ready.add("schema.registry.url=" + registry.url());
    }
    if (arguments.brokerPort().isPresent()) {
      EmbeddedBroker broker =
          EmbeddedBroker.start(
              arguments.directory().resolve("broker"),
              arguments.brokerPort().getAsInt(),
              arguments.brokerOverrides());
      running.push(broker);
      ready.add("bootstrap.servers=" + broker.bootstrapServers());
    }
    return ready.toString();
  }

  private void stop() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (
          Exception e) { // declared so by AutoCloseable; the rest is to be stopped all the same
        LOG.warn("Stopping failed", e);
      }
    }
  }

  private static void print(FileDescriptor where, String line) {
    PrintStream stream = new PrintStream(new FileOutputStream(where), true, UTF_8);
    stream.println(line);
  }
}
