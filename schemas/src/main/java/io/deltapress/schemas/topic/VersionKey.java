package io.deltapress.schemas.topic;

/**
 * Key {@code tenant/model/000007}: one version of a model.
 *
 * @param model the model
 * @param version the version, counted from 1
 */
public record VersionKey(ModelKey model, int version) {
  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException when the version is below 1
   */
  public VersionKey {
    if (version < 1) {
      throw new IllegalArgumentException(
          "Version %d of %s is not possible: versions count from 1.".formatted(version, model));
    }
  }

  /** Returns the key of a version. */
  public static VersionKey of(String tenant, String model, int version) {
    return new VersionKey(new ModelKey(tenant, model), version);
  }

  /**
   * Reads a key back.
   *
   * @throws IllegalArgumentException with one line for a person when the text is no such key
   */
  public static VersionKey parse(String key) {
    int slash = key.lastIndexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "'%s' is not a version: write it as tenant/model/000007."
              .formatted(Names.printable(key)));
    }
    return new VersionKey(
        ModelKey.parse(key.substring(0, slash)),
        SequenceNumber.parse("version", key.substring(slash + 1)));
  }

  /** Returns the key as it stands in the record. */
  @Override
  public String toString() {
    return model + "/" + SequenceNumber.format(version);
  }
}
