package io.deltapress.app.devstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loopback interface. */
final class Ports {
  static final String HOST = "127.0.0.1";

  /** Stands for any free port. */
  static final int ANY = 0;

  private Ports() {}

  static InetSocketAddress address(int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(HOST), port);
  }

  /** The same in an address list or a URL, in any locale. */
  static String hostAndPort(int port) {
    return HOST + ":" + port;
  }

  /**
   * Returns the port, or a free one for {@link #ANY}.
   *
   * @throws IOException if something listens there
   */
  static int require(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(
          true); // else the connections of a server just stopped stand in the way
      socket.bind(address(port));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IOException(
          "port %d of %s is in use: stop what listens there, or choose another"
              .formatted(port, HOST),
          e);
    }
  }
}
