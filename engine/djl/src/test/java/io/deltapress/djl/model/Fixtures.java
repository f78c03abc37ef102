package io.deltapress.djl.model;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** Finds files among the test resources. */
public final class Fixtures {

  private Fixtures() {}

  /** The path of a resource, such as {@code llama/multi-head-untied-f32}. */
  public static Path path(String name) {
    URL url = Objects.requireNonNull(Fixtures.class.getClassLoader().getResource(name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
