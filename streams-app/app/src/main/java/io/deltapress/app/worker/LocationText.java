package io.deltapress.app.worker;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads the text of a location, before any disk is touched. */
final class LocationText {
  private static final Pattern SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
  private static final String FILE = "file:";
  private static final int MOST_CHARACTERS = 4096;

  private LocationText() {}

  /**
   * @throws LocationRefusedException if the text is neither a path nor a {@code file:} URI, or
   *     steps upwards
   */
  static Path parse(String location) throws LocationRefusedException {
    if (location.isBlank() || location.length() > MOST_CHARACTERS) {
      throw new LocationRefusedException(
          location, "it must have 1 to %d characters".formatted(MOST_CHARACTERS));
    }
    String path = SCHEME.matcher(location).matches() ? pathOfUri(location) : location;
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw new LocationRefusedException(location, "it contains a control character");
    }
    return withoutSteps(location, path);
  }

  private static String pathOfUri(String location) throws LocationRefusedException {
    if (!location.regionMatches(true, 0, FILE, 0, FILE.length())) {
      throw new LocationRefusedException(
          location, "only paths and file: URIs are opened, no other scheme");
    }
    try {
      URI uri = new URI(location);
      boolean plain =
          uri.getRawAuthority() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && uri.getPath() != null;
      if (!plain) {
        throw new LocationRefusedException(
            location, "a file: URI must look like file:///directory/name");
      }
      return uri.getPath();
    } catch (URISyntaxException e) {
      throw new LocationRefusedException(location, "it is no valid URI");
    }
  }

  private static Path withoutSteps(String location, String text) throws LocationRefusedException {
    try {
      Path path = Path.of(text);
      for (Path segment : path) {
        if (segment.toString().equals("..")) {
          throw new LocationRefusedException(location, "it contains ..");
        }
      }
      return path.normalize();
    } catch (InvalidPathException e) {
      throw new LocationRefusedException(location, "it is no valid path");
    }
  }
}
