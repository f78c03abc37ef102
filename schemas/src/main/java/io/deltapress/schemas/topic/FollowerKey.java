package io.deltapress.schemas.topic;

/**
 * Key {@code host/tenant/model}: one model on one follower.
 *
 * @param host the host that follows
 * @param model the model
 */
public record FollowerKey(String host, ModelKey model) {
  /**
   * Checks the host.
   *
   * @throws IllegalArgumentException with one line for a person when it is no host name
   */
  public FollowerKey {
    Names.requireHost(host);
  }

  /**
   * Reads a key back.
   *
   * @throws IllegalArgumentException with one line for a person when the text is no such key
   */
  public static FollowerKey parse(String key) {
    int slash = key.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "'%s' is not a follower's model: write it as host/tenant/model."
              .formatted(Names.printable(key)));
    }
    return new FollowerKey(key.substring(0, slash), ModelKey.parse(key.substring(slash + 1)));
  }

  /** Returns the key as it stands in the record. */
  @Override
  public String toString() {
    return host + "/" + model;
  }
}
