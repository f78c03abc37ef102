package io.deltapress.follower.materialise;

import io.deltapress.follower.follow.OneLine;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directories below which this host has bases. The location of a base is a path, absolute or
 * relative to a root, or a {@code file:} URI; one with another scheme or a {@code ..}, or that a
 * link leads out of its root, is refused.
 */
public final class BaseRoots {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

  private final List<Path> roots;

  private BaseRoots(List<Path> roots) {
    this.roots = roots;
  }

  /** The bases below some directories, which need not exist yet. */
  public static BaseRoots of(Collection<Path> roots) {
    return new BaseRoots(roots.stream().map(root -> root.toAbsolutePath().normalize()).toList());
  }

  /**
   * The real path of a base.
   *
   * @throws BadInputException if the location names nothing below a root of this host
   */
  Path resolve(String name, String location) throws BadInputException {
    Path asked = parse(location);
    if (asked != null) {
      for (Path root : roots) {
        Optional<Path> found = below(root, asked);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    throw new BadInputException(
        "Base %s is not at %s below bases.roots of this follower; put it there or extend bases.roots"
            .formatted(OneLine.of(name), OneLine.quote(location)));
  }

  private static boolean stepsUp(Path path) {
    for (Path segment : path) {
      if (segment.toString().equals("..")) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Path parse(String location) {
    try {
      Path path =
          SCHEME.matcher(location).matches() ? pathOf(new URI(location)) : Path.of(location);
      return stepsUp(path) || location.isBlank() ? null : path.normalize();
    } catch (InvalidPathException | URISyntaxException e) {
      return null;
    }
  }

  private static Path pathOf(URI uri) throws URISyntaxException {
    boolean plain =
        "file".equalsIgnoreCase(uri.getScheme())
            && uri.getRawAuthority() == null
            && uri.getPath() != null;
    if (!plain) {
      throw new URISyntaxException(uri.toString(), "not a file");
    }
    return Path.of(uri.getPath());
  }

  private static Optional<Path> below(Path root, Path asked) {
    try {
      Path realRoot = root.toRealPath();
      Path candidate = root.resolve(asked);
      Path real = candidate.toRealPath();
      return real.startsWith(realRoot) ? Optional.of(real) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // missing here; perhaps below another root
    }
  }
}
