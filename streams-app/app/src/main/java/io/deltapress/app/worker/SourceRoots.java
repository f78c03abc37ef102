package io.deltapress.app.worker;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The directories below which the locations of one owner's requests are looked up. A location is a
 * path, absolute or relative to a root, or a {@code file:} URI. It is refused when it has another
 * scheme, a {@code ..}, does not exist, or leads out of its root through a symbolic link; so is a
 * directory that holds such a link or anything that is neither file nor directory (reading a pipe
 * would hang a worker).
 *
 * <p>Whether a path is missing or lies outside is answered with the same words, so that requests
 * cannot be used to explore a host.
 */
public final class SourceRoots {
  private final String setting;
  private final List<Path> roots;

  private SourceRoots(String setting, List<Path> roots) {
    this.setting = setting;
    this.roots = roots;
  }

  /**
   * @param setting the configuration key the roots come from, named in refusals
   * @param roots may be empty: then everything is refused
   */
  public static SourceRoots of(String setting, Collection<Path> roots) {
    return new SourceRoots(
        setting, roots.stream().map(root -> root.toAbsolutePath().normalize()).toList());
  }

  /**
   * Resolves a location to the real path of an existing file or directory below a root.
   *
   * @throws LocationRefusedException if the location is not one this worker opens
   */
  public Path resolve(String location) throws LocationRefusedException {
    Path asked = LocationText.parse(location);
    for (Path root : roots) {
      Optional<Path> found = below(root, asked);
      if (found.isPresent()) {
        requirePlainEntries(location, root, found.get());
        return found.get();
      }
    }
    throw refused(location);
  }

  /**
   * Checks the files that were opened for a location, since a directory may have changed after it
   * was resolved.
   *
   * @throws LocationRefusedException if one of them lies outside the roots
   */
  public void requireInside(String location, Collection<Path> files)
      throws LocationRefusedException {
    for (Path file : files) {
      if (roots.stream().noneMatch(root -> below(root, file.toAbsolutePath()).isPresent())) {
        throw refused(location);
      }
    }
  }

  private static Optional<Path> below(Path root, Path asked) {
    try {
      Path realRoot = root.toRealPath();
      Path candidate = root.resolve(asked);
      if (!candidate.startsWith(root) && !candidate.startsWith(realRoot)) {
        return Optional.empty();
      }
      Path real = candidate.toRealPath();
      return real.startsWith(realRoot) && isPlain(real) ? Optional.of(real) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // missing or unreadable: for the requester the same as outside
    }
  }

  private void requirePlainEntries(String location, Path root, Path found)
      throws LocationRefusedException {
    if (!Files.isDirectory(found)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(found)) {
      for (Path entry : entries) {
        if (!isPlain(entry) || below(root, entry).isEmpty()) {
          throw new LocationRefusedException(
              location,
              "its entry %s leads out of the directories of %s or is no file"
                  .formatted(entry.getFileName(), setting));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw refused(location);
    }
  }

  private static boolean isPlain(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile() || attributes.isDirectory();
    } catch (IOException e) {
      return false;
    }
  }

  private LocationRefusedException refused(String location) {
    return new LocationRefusedException(
        location,
        "it names no file or directory below %s of this worker; correct it or extend that setting"
            .formatted(setting));
  }
}
