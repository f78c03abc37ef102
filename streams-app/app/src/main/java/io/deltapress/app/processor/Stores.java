package io.deltapress.app.processor;

import io.deltapress.app.domain.BaseFact;
import io.deltapress.app.domain.BaseState;
import io.deltapress.app.domain.GatePolicy;
import io.deltapress.app.domain.LedgerEdit;
import io.deltapress.app.domain.ModelState;
import io.deltapress.app.domain.SubmissionMark;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.WorkResult;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** Every store there is. A name is forever: its changelog topic is called after it. */
public final class Stores {
  /** {@code tenant/model} to the state of the model. */
  public static final String PLANNER_MODELS = "planner-models";

  /** {@code tenant/model/submission} to the mark that the submission came. */
  public static final String PLANNER_SUBMISSIONS = "planner-submissions";

  /** {@code tenant/model/task} to the answer, until the submission ends. */
  public static final String PLANNER_ANSWERS = "planner-answers";

  /** Weights digest to the verdict; every partition has all of them. */
  public static final String PLANNER_BASES = "planner-bases";

  /** Scope to the policy; every partition has all of them. */
  public static final String PLANNER_POLICIES = "planner-policies";

  /** {@code tenant/model/order} to an edit that is queued or in effect. */
  public static final String PLANNER_EDITS = "planner-edits";

  /** {@code tenant/model/edit} to an edit that an earlier version has. */
  public static final String PLANNER_RETIRED_EDITS = "planner-retired-edits";

  /** {@code tenant/model/version} to the version. */
  public static final String PLANNER_VERSIONS = "planner-versions";

  /** Weights digest to the state of the base. */
  public static final String REGISTRAR_BASES = "registrar-bases";

  private Stores() {}

  /** The names of all of them. */
  public static Set<String> all() {
    return Set.of(
        PLANNER_MODELS,
        PLANNER_SUBMISSIONS,
        PLANNER_ANSWERS,
        PLANNER_BASES,
        PLANNER_POLICIES,
        PLANNER_EDITS,
        PLANNER_RETIRED_EDITS,
        PLANNER_VERSIONS,
        REGISTRAR_BASES);
  }

  static Set<StoreBuilder<?>> ofPlanner(Serde<WorkResult> answers, Serde<ModelVersion> versions) {
    return inOrder(
        store(PLANNER_MODELS, new JsonSerde<>(ModelState.class)),
        store(PLANNER_SUBMISSIONS, new JsonSerde<>(SubmissionMark.class)),
        store(PLANNER_ANSWERS, answers),
        store(PLANNER_BASES, new JsonSerde<>(BaseFact.class)),
        store(PLANNER_POLICIES, new JsonSerde<>(GatePolicy.class)),
        store(PLANNER_EDITS, new JsonSerde<>(LedgerEdit.class)),
        store(PLANNER_RETIRED_EDITS, new JsonSerde<>(LedgerEdit.class)),
        store(PLANNER_VERSIONS, versions));
  }

  static Set<StoreBuilder<?>> ofRegistrar() {
    return inOrder(store(REGISTRAR_BASES, new JsonSerde<>(BaseState.class)));
  }

  /** The order shows in the description of the topology, which must not change from run to run. */
  private static Set<StoreBuilder<?>> inOrder(StoreBuilder<?>... stores) {
    return new LinkedHashSet<>(List.of(stores));
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
    return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
        org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name),
        Serdes.String(),
        values);
  }
}
