package io.deltapress.follower.follow;

import io.deltapress.schemas.topic.ModelKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which models a follower follows: all of them ({@code *}), those of a tenant ({@code acme/*}), or
 * single ones ({@code acme/router}).
 */
public final class FollowedModels {
  private static final String ALL = "*";
  private static final String ALL_OF_TENANT = "/*";

  private final Set<String> patterns;

  private FollowedModels(Set<String> patterns) {
    this.patterns = Set.copyOf(patterns);
  }

  /**
   * Reads patterns.
   *
   * @throws IllegalArgumentException naming the first that is none
   */
  public static FollowedModels of(List<String> patterns) {
    Set<String> checked = new HashSet<>();
    for (String pattern : patterns) {
      if (!isPattern(pattern)) {
        throw new IllegalArgumentException(
            "'%s' is none of *, tenant/* and tenant/model".formatted(pattern));
      }
      checked.add(pattern);
    }
    return new FollowedModels(checked);
  }

  private static boolean isPattern(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return text.equals(ALL);
    }
    String model = text.substring(slash + 1);
    return ModelKey.isValidName(text.substring(0, slash))
        && (model.equals(ALL) || ModelKey.isValidName(model));
  }

  /** Whether the model is one of them. */
  public boolean contains(ModelKey model) {
    return patterns.contains(ALL)
        || patterns.contains(model.tenant() + ALL_OF_TENANT)
        || patterns.contains(model.toString());
  }

  /** Those of some models that are followed, sorted. */
  public List<ModelKey> among(Collection<ModelKey> models) {
    return models.stream().filter(this::contains).sorted().toList();
  }
}
