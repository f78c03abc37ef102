package io.deltapress.app.domain;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The deltas in work in one partition, and whose turn it is.
 *
 * <p>Tenants take turns in alphabetical order, so one with a thousand deltas delays another by one
 * task at most. Within a tenant the oldest delta with a free place goes first. Windows bound what
 * is in flight: of a delta, of a tenant, of each lane; so gates, which take long, hold up no shards
 * of others.
 *
 * <p><b>Threading notes.</b> Belongs to the one thread that processes its partition. It is a view
 * of what the ledger keeps and is built again from there whenever the partition is opened.
 */
final class FairWindows {
  private static final Comparator<ModelState> OLDEST_FIRST =
      Comparator.comparing((ModelState model) -> delta(model).acceptedAt())
          .thenComparing(ModelState::key);

  private final PlannerSettings settings;
  private final TreeMap<String, Map<String, ModelState>> modelsOfTenant = new TreeMap<>();
  private String lastServed = "";

  FairWindows(PlannerSettings settings) {
    this.settings = settings;
  }

  /** Notes what became of a model. */
  void note(ModelState model) {
    if (model.delta() != null) {
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

  /** Every model with a delta in work, as it is now. */
  List<ModelState> inWork() {
    return modelsOfTenant.values().stream().flatMap(models -> models.values().stream()).toList();
  }

  /** The model whose delta may issue its next task, if there is one and a place for it. */
  Optional<ModelState> next() {
    LanePlaces places = lanePlaces();
    String tenant = lastServed;
    for (int i = 0; i < modelsOfTenant.size(); i++) {
      tenant = after(tenant);
      Optional<ModelState> model = nextOf(modelsOfTenant.get(tenant), places);
      if (model.isPresent()) {
        lastServed = tenant;
        return model;
      }
    }
    return Optional.empty();
  }

  private String after(String tenant) {
    String higher = modelsOfTenant.higherKey(tenant);
    return higher != null ? higher : modelsOfTenant.firstKey();
  }

  private Optional<ModelState> nextOf(@Nullable Map<String, ModelState> models, LanePlaces places) {
    if (models == null || inFlight(models) >= settings.tenantWindow()) {
      return Optional.empty();
    }
    return models.values().stream()
        .filter(model -> delta(model).hasTaskToIssue())
        .filter(model -> delta(model).tasks().size() < settings.deltaWindow())
        .filter(model -> places.has(delta(model).nextIsOfCalibrateLane()))
        .min(OLDEST_FIRST);
  }

  /** Which lanes have a free place. */
  private record LanePlaces(boolean compress, boolean calibrate) {
    boolean has(boolean calibrateLane) {
      return calibrateLane ? calibrate : compress;
    }
  }

  /** Counted once for all candidates, of which there may be thousands. */
  private LanePlaces lanePlaces() {
    int compress = 0;
    int calibrate = 0;
    for (Map<String, ModelState> models : modelsOfTenant.values()) {
      for (ModelState model : models.values()) {
        for (TaskState task : delta(model).tasks().values()) {
          if (task.isOfCalibrateLane()) {
            calibrate++;
          } else {
            compress++;
          }
        }
      }
    }
    return new LanePlaces(compress < settings.laneWindow(), calibrate < settings.laneWindow());
  }

  private static int inFlight(Map<String, ModelState> models) {
    return models.values().stream().mapToInt(model -> delta(model).tasks().size()).sum();
  }

  private static DeltaState delta(ModelState model) {
    DeltaState delta = model.delta();
    if (delta == null) {
      throw new IllegalStateException(model.key() + " has no delta in work");
    }
    return delta;
  }
}
