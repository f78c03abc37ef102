package io.deltapress.app.cli.client;

import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.topic.Topics;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What bases are called; a name may be given to several. */
public final class BaseNames {
  private final Collection<BaseRegistration> bases;

  private BaseNames(Collection<BaseRegistration> bases) {
    this.bases = bases;
  }

  /** The names as they are now. */
  public static BaseNames of(PipelineClient client) {
    return new BaseNames(client.latest(Topics.BASES).values());
  }

  static BaseNames of(Collection<BaseRegistration> bases) {
    return new BaseNames(List.copyOf(bases));
  }

  /**
   * The digest of the base of that name that was not refused.
   *
   * @throws PipelineException if there is none, or more than one
   */
  public String digestOf(String name) {
    List<String> digests =
        bases.stream()
            .filter(base -> base.getName().equals(name))
            .filter(base -> base.getStatus() != BaseStatus.REFUSED)
            .map(BaseRegistration::getWeightsDigest)
            .sorted()
            .toList();
    if (digests.isEmpty()) {
      throw new PipelineException(
          "no base is registered under the name %s; there is %s".formatted(name, known()), null);
    }
    if (digests.size() > 1) {
      throw new PipelineException(
          "%d bases are registered under the name %s; give the digest of one: %s"
              .formatted(digests.size(), name, String.join(", ", digests)),
          null);
    }
    return digests.get(0);
  }

  private String known() {
    String names =
        bases.stream()
            .map(BaseRegistration::getName)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none yet: deltapress base register announces one" : names;
  }
}
