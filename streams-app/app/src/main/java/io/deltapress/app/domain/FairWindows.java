package io.deltapress.app.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models in work in one partition, and whose turn it is.
 *
 * <p>Tenants take turns in alphabetical order, so one with a thousand deltas delays another by one
 * task at most. Within a tenant the oldest work with a free place goes first. Windows bound what is
 * in flight: of a delta, of a tenant, of each lane; so gates, which take long, hold up no shards of
 * others. Of a tenant, edits have a window of their own, so that none waits for shards.
 *
 * <p><b>Threading notes.</b> Belongs to the one thread that processes its partition. It is a view
 * of what the ledger keeps and is built again from there whenever the partition is opened.
 */
final class FairWindows {
  private static final Comparator<Opening> OLDEST_FIRST =
      Comparator.comparing(Opening::since).thenComparing(opening -> opening.model().key());

  private final PlannerSettings settings;
  private final TreeMap<String, Map<String, ModelState>> modelsOfTenant = new TreeMap<>();
  private String lastServed = "";

  FairWindows(PlannerSettings settings) {
    this.settings = settings;
  }

  /**
   * A task that may be issued.
   *
   * @param lane where it goes
   * @param since when its work began
   */
  record Opening(ModelState model, Lane lane, Instant since) {}

  /** Notes what became of a model. */
  void note(ModelState model) {
    if (model.isInWork()) {
      modelsOfTenant
          .computeIfAbsent(model.tenant(), tenant -> new TreeMap<>())
          .put(model.key(), model);
      return;
    }
    Map<String, ModelState> models = modelsOfTenant.get(model.tenant());
    if (models != null && models.remove(model.key()) != null && models.isEmpty()) {
      modelsOfTenant.remove(model.tenant());
    }
  }

  /** Every model with something in work, as it is now. */
  List<ModelState> inWork() {
    return modelsOfTenant.values().stream().flatMap(models -> models.values().stream()).toList();
  }

  /** The model that may issue its next task, if there is one and a place for it. */
  Optional<Opening> next() {
    Set<Lane> free = freeLanes();
    String tenant = lastServed;
    for (int i = 0; i < modelsOfTenant.size(); i++) {
      tenant = after(tenant);
      Optional<Opening> opening = nextOf(modelsOfTenant.get(tenant), free);
      if (opening.isPresent()) {
        lastServed = tenant;
        return opening;
      }
    }
    return Optional.empty();
  }

  private String after(String tenant) {
    String higher = modelsOfTenant.higherKey(tenant);
    return higher != null ? higher : modelsOfTenant.firstKey();
  }

  private Optional<Opening> nextOf(@Nullable Map<String, ModelState> models, Set<Lane> free) {
    if (models == null) {
      return Optional.empty();
    }
    boolean mayEdit = inFlight(models, lane -> lane == Lane.EDIT) < settings.tenantWindow();
    boolean mayPress = inFlight(models, lane -> lane != Lane.EDIT) < settings.tenantWindow();
    return models.values().stream()
        .flatMap(model -> Stream.concat(ofDelta(model), ofEdits(model)))
        .filter(opening -> free.contains(opening.lane()))
        .filter(opening -> opening.lane() == Lane.EDIT ? mayEdit : mayPress)
        .min(OLDEST_FIRST);
  }

  private Stream<Opening> ofDelta(ModelState model) {
    DeltaState delta = model.delta();
    return delta == null
            || !delta.hasTaskToIssue()
            || delta.tasks().size() >= settings.deltaWindow()
        ? Stream.empty()
        : Stream.of(new Opening(model, delta.nextLane(), delta.acceptedAt()));
  }

  private static Stream<Opening> ofEdits(ModelState model) {
    BatchState batch = model.edits().batch();
    return batch == null || !batch.hasTaskToIssue()
        ? Stream.empty()
        : Stream.of(new Opening(model, Lane.EDIT, batch.startedAt()));
  }

  /** Counted once for all candidates, of which there may be thousands. */
  private Set<Lane> freeLanes() {
    Map<Lane, Integer> inFlight = new EnumMap<>(Lane.class);
    for (Map<String, ModelState> models : modelsOfTenant.values()) {
      models.values().stream()
          .flatMap(ModelState::tasks)
          .forEach(task -> inFlight.merge(task.lane(), 1, Integer::sum));
    }
    return Stream.of(Lane.values())
        .filter(lane -> inFlight.getOrDefault(lane, 0) < settings.laneWindow())
        .collect(Collectors.toSet());
  }

  private static long inFlight(Map<String, ModelState> models, Predicate<Lane> lanes) {
    return models.values().stream()
        .flatMap(ModelState::tasks)
        .filter(task -> lanes.test(task.lane()))
        .count();
  }
}
