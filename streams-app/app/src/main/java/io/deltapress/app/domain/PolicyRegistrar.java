package io.deltapress.app.domain;

import io.deltapress.schemas.EventTypes;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RegistryEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides which policies hold. One that breaks a rule changes nothing: the one before it stays in
 * force, and an event says why.
 */
public final class PolicyRegistrar {

  /** The records to write: an event, and the policy for the planners if it is right. */
  public List<Output> received(Policy policy, RequestSource source, Instant now) {
    Optional<String> broken = PolicyRules.broken(policy);
    if (broken.isPresent()) {
      return List.of(event(policy, EventTypes.POLICY_REFUSED, broken.get(), source, now));
    }
    String type = policy.getRemoved() ? EventTypes.POLICY_REMOVED : EventTypes.POLICY_SET;
    return List.of(
        new Output(policy.getScope(), policy), event(policy, type, message(policy), source, now));
  }

  private static String message(Policy policy) {
    return policy.getRemoved()
        ? "policy %s was removed by %s"
            .formatted(policy.getScope(), Names.forMessage(policy.getAuthor()))
        : "policy %s was set by %s: p %s, %d canaries"
            .formatted(
                policy.getScope(),
                Names.forMessage(policy.getAuthor()),
                policy.getPruneRates(),
                policy.getCanaries().size());
  }

  private static Output event(
      Policy policy, String type, String message, RequestSource source, Instant now) {
    String scope = Names.forMessage(policy.getScope());
    String[] parts = scope.equals(GatePolicy.EVERYTHING) ? new String[0] : scope.split("/", 2);
    return new Output(
        scope,
        RegistryEvent.newBuilder()
            .setEventId(EventIds.ofRecord("policy/" + scope, type, source))
            .setType(type)
            .setSource(EventIds.SOURCE)
            .setTime(now)
            .setTenant(parts.length > 0 ? parts[0] : "")
            .setModel(parts.length > 1 ? parts[1] : "")
            .setMessage(message)
            .build());
  }
}
