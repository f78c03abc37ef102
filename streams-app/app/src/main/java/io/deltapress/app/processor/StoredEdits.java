package io.deltapress.app.processor;

import io.deltapress.app.domain.LedgerChange;
import io.deltapress.app.domain.LedgerEdit;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.VersionKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Edits and versions in the stores of a task, one record each. The edits of models that were looked
 * at a moment ago are kept in memory, for each turn of a model asks for all of them.
 *
 * <p><b>Threading notes.</b> Used by the stream thread of the task only.
 */
final class StoredEdits {
  private static final int MODELS_IN_MEMORY = 32;

  private final KeyValueStore<String, LedgerEdit> inUse;
  private final KeyValueStore<String, LedgerEdit> retired;
  private final KeyValueStore<String, ModelVersion> versions;
  private final Map<String, TreeMap<Integer, LedgerEdit>> recent =
      new RecentlyUsed<>(MODELS_IN_MEMORY);

  StoredEdits(ProcessorContext<?, ?> context) {
    this.inUse = context.getStateStore(Stores.PLANNER_EDITS);
    this.retired = context.getStateStore(Stores.PLANNER_RETIRED_EDITS);
    this.versions = context.getStateStore(Stores.PLANNER_VERSIONS);
  }

  List<LedgerEdit> inUse(String modelKey) {
    return List.copyOf(ofModel(modelKey).values());
  }

  private TreeMap<Integer, LedgerEdit> ofModel(String modelKey) {
    return recent.computeIfAbsent(
        modelKey,
        key -> {
          TreeMap<Integer, LedgerEdit> found = new TreeMap<>();
          scan(inUse, key).forEach(edit -> found.put(edit.order(), edit));
          return found;
        });
  }

  Optional<LedgerEdit> retired(String modelKey, String editId) {
    return Optional.ofNullable(retired.get(retiredKey(modelKey, editId)));
  }

  List<LedgerEdit> retired(String modelKey) {
    return scan(retired, modelKey);
  }

  Optional<ModelVersion> version(String modelKey, int version) {
    return version == 0
        ? Optional.empty()
        : Optional.ofNullable(versions.get(versionKey(modelKey, version)));
  }

  List<ModelVersion> versions(String modelKey) {
    List<ModelVersion> found = scan(versions, modelKey);
    found.sort(Comparator.comparingInt(ModelVersion::getVersion));
    return found;
  }

  private static <V> List<V> scan(KeyValueStore<String, V> store, String modelKey) {
    List<V> found = new ArrayList<>();
    try (KeyValueIterator<String, V> all =
        store.prefixScan(modelKey + "/", new StringSerializer())) {
      all.forEachRemaining(entry -> found.add(entry.value));
    }
    return found;
  }

  void apply(String modelKey, LedgerChange change) {
    if (change instanceof LedgerChange.Kept kept) {
      use(modelKey, kept.edit());
    } else if (change instanceof LedgerChange.Dropped dropped) {
      free(modelKey, dropped.edit());
    } else if (change instanceof LedgerChange.Retired gone) {
      free(modelKey, gone.edit());
      retired.put(retiredKey(modelKey, gone.edit()), gone.edit());
    } else if (change instanceof LedgerChange.Restored back) {
      retired.delete(retiredKey(modelKey, back.edit()));
      use(modelKey, back.edit());
    } else if (change instanceof LedgerChange.Erased erased) {
      retired.delete(retiredKey(modelKey, erased.edit()));
      free(modelKey, erased.edit());
    } else {
      ModelVersion version = ((LedgerChange.Versioned) change).version();
      versions.put(versionKey(modelKey, version.getVersion()), version);
    }
  }

  private void use(String modelKey, LedgerEdit edit) {
    ofModel(modelKey).put(edit.order(), edit);
    inUse.put(orderKey(modelKey, edit), edit);
  }

  private void free(String modelKey, LedgerEdit edit) {
    ofModel(modelKey).remove(edit.order());
    inUse.delete(orderKey(modelKey, edit));
  }

  private static String orderKey(String modelKey, LedgerEdit edit) {
    return String.format(Locale.ROOT, "%s/%09d", modelKey, edit.order());
  }

  private static String retiredKey(String modelKey, LedgerEdit edit) {
    return retiredKey(modelKey, edit.request().submissionId());
  }

  private static String retiredKey(String modelKey, String editId) {
    return modelKey + "/" + editId;
  }

  private static String versionKey(String modelKey, int version) {
    return new VersionKey(ModelKey.parse(modelKey), version).toString();
  }
}
