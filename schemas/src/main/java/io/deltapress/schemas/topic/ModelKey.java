package io.deltapress.schemas.topic;

/**
 * Key {@code tenant/model}: what a tenant serves under one name.
 *
 * @param tenant the tenant
 * @param model the model's name within the tenant
 */
public record ModelKey(String tenant, String model) implements Comparable<ModelKey> {
  /**
   * Checks both names.
   *
   * @throws IllegalArgumentException with one line for a person when a name does not match
   */
  public ModelKey {
    Names.requireName("tenant", tenant);
    Names.requireName("model", model);
  }

  /**
   * Reads a key back.
   *
   * @throws IllegalArgumentException with one line for a person when the text is no such key
   */
  public static ModelKey parse(String key) {
    int slash = key.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "'%s' is not a model: write it as tenant/model.".formatted(Names.printable(key)));
    }
    return new ModelKey(key.substring(0, slash), key.substring(slash + 1));
  }

  /** Returns whether a text can be the name of a tenant or of a model. */
  public static boolean isValidName(String name) {
    return Names.isName(name);
  }

  @Override
  public int compareTo(ModelKey other) {
    return toString().compareTo(other.toString());
  }

  /** Returns the key as it stands in the record. */
  @Override
  public String toString() {
    return tenant + "/" + model;
  }
}
