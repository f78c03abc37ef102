package io.deltapress.app.domain;

import io.deltapress.schemas.ReasonCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rules that hold for every request, whatever it asks for. */
final class RequestRules {
  private final TenantRule tenantRule;
  private final String nameOfId;
  private final String keyOfTopics;

  /**
   * Rules for one kind of request.
   *
   * @param nameOfId what its identity is called, such as {@code submission id}
   * @param keyOfTopics last part of the key that lists the topics of a tenant for it
   */
  RequestRules(TenantRule tenantRule, String nameOfId, String keyOfTopics) {
    this.tenantRule = tenantRule;
    this.nameOfId = nameOfId;
    this.keyOfTopics = keyOfTopics;
  }

  /** Who asks what of whom: the first rule that is broken. */
  Optional<Refusal> broken(ModelRequest request) {
    return names(request).or(() -> tenant(request)).or(() -> submitter(request));
  }

  /**
   * Those rules, and then those of its kind: the first rule that is broken.
   *
   * @param ofKind in the order in which a person would want to hear of them
   */
  <C> Optional<Refusal> broken(
      ModelRequest request, List<Function<C, Optional<Refusal>>> ofKind, C candidate) {
    return broken(request)
        .or(
            () ->
                ofKind.stream()
                    .map(rule -> rule.apply(candidate))
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  private Optional<Refusal> names(ModelRequest request) {
    return id(nameOfId, request.submissionId())
        .or(() -> name("tenant", request.tenant()))
        .or(() -> name("model", request.model()));
  }

  static Optional<Refusal> id(String what, String id) {
    return Names.isSubmissionId(id)
        ? Optional.empty()
        : invalidName(
            "%s \"%s\" is not allowed: use 1 to 128 of A-Z a-z 0-9 . _ - and end with a"
                    .formatted(what, Names.forMessage(id))
                + " letter or digit");
  }

  private static Optional<Refusal> name(String what, String name) {
    return Names.isTenantOrModel(name)
        ? Optional.empty()
        : invalidName(
            "%s \"%s\" is not allowed: use 1 to 63 of a-z 0-9 . _ - and start and end with a letter"
                    .formatted(what, Names.forMessage(name))
                + " or digit");
  }

  private Optional<Refusal> tenant(ModelRequest request) {
    String tenant = request.tenant();
    String topic = request.source().topic();
    return tenantRule.allows(tenant, topic)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                ReasonCode.TENANT_NOT_ALLOWED,
                "records of topic %s may not name tenant %s: submit on a topic listed in tenants.%s.%s"
                    .formatted(topic, tenant, tenant, keyOfTopics)));
  }

  private static Optional<Refusal> submitter(ModelRequest request) {
    return request.requestedBy().isBlank()
        ? invalid("requestedBy is empty: name the person or service that asks")
        : Optional.empty();
  }

  static Optional<Refusal> expectedVersion(@Nullable Integer expected) {
    return expected == null || expected >= 0
        ? Optional.empty()
        : invalid(
            "expectedVersion %d is negative: use 0 for a model without a version"
                .formatted(expected));
  }

  static Optional<Refusal> digest(String field, String digest) {
    return Names.isDigest(digest)
        ? Optional.empty()
        : invalid(
            "%s \"%s\" is not a weights digest: it has 64 characters of 0-9 a-f"
                .formatted(field, Names.forMessage(digest)));
  }

  static Optional<Refusal> invalid(String message) {
    return Optional.of(Refusal.invalid(message));
  }

  private static Optional<Refusal> invalidName(String message) {
    return Optional.of(new Refusal(ReasonCode.INVALID_NAME, message));
  }
}
