package io.deltapress.app.cli.client;

import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which models requests are about, told from the topics: requests as long as their topic keeps
 * them, and live edits from the versions, which are kept for good.
 */
public final class ModelLookup {
  private final SortedMap<String, SortedSet<ModelKey>> modelsOf = new TreeMap<>();
  private final SortedSet<ModelKey> edited = new TreeSet<>();
  private final SortedMap<String, SortedSet<ModelKey>> modelsOfPerson = new TreeMap<>();

  private ModelLookup() {}

  /** Looks at what there is now. */
  public static ModelLookup of(PipelineClient client) {
    ModelLookup lookup = new ModelLookup();
    client
        .read(Topics.DELTAS_SUBMITTED)
        .forEach(
            entry ->
                lookup.add(
                    entry.value().getSubmissionId(),
                    entry.value().getTenant(),
                    entry.value().getModel()));
    for (Entry<EditSubmission> entry : client.read(Topics.EDITS_REQUESTED)) {
      EditSubmission edit = entry.value();
      lookup.add(edit.getEditId(), edit.getTenant(), edit.getModel());
      if (edit.getDataSubject() != null) {
        add(lookup.modelsOfPerson, edit.getDataSubject(), edit.getTenant(), edit.getModel());
      }
    }
    lookup.addVersions(
        client.latest(Topics.SERVING_VERSIONS).values(), client.latest(Topics.SERVING_HEADS));
    return lookup;
  }

  private void addVersions(Collection<ModelVersion> versions, Map<String, ModelHead> heads) {
    for (ModelVersion version : versions) {
      version
          .getEdits()
          .forEach(edit -> add(edit.getEditId(), version.getTenant(), version.getModel()));
      modelKey(version.getTenant(), version.getModel())
          .filter(model -> !version.getEdits().isEmpty() && isHead(version, heads.get("" + model)))
          .ifPresent(edited::add);
    }
  }

  private static boolean isHead(ModelVersion version, ModelHead head) {
    return head != null && head.getVersion() == version.getVersion();
  }

  private void add(String id, String tenant, String model) {
    add(modelsOf, id, tenant, model);
  }

  private static void add(
      SortedMap<String, SortedSet<ModelKey>> models, String of, String tenant, String model) {
    modelKey(tenant, model)
        .ifPresent(key -> models.computeIfAbsent(of, unseen -> new TreeSet<>()).add(key));
  }

  /** Anybody may write anything into the topics of requests. */
  private static Optional<ModelKey> modelKey(String tenant, String model) {
    return ModelKey.isValidName(tenant) && ModelKey.isValidName(model)
        ? Optional.of(new ModelKey(tenant, model))
        : Optional.empty();
  }

  /**
   * The model that a delta or an edit was submitted for.
   *
   * @throws PipelineException if no topic names it, or if requests of several models do
   */
  public ModelKey modelOf(String id) {
    List<ModelKey> models = new ArrayList<>(modelsOf.getOrDefault(id, new TreeSet<>()));
    if (models.isEmpty()) {
      throw new PipelineException(
          "no request %s is known: give its model with --model TENANT/MODEL".formatted(id), null);
    }
    if (models.size() > 1) {
      throw new PipelineException(
          "%s is the name of requests for %s: say which model with --model TENANT/MODEL"
              .formatted(
                  id, String.join(" and ", models.stream().map(ModelKey::toString).toList())),
          null);
    }
    return models.get(0);
  }

  /**
   * The models that may hold data of a person: those that requests named, and those whose head has
   * edits, since requests are kept for a time only.
   */
  public SortedSet<ModelKey> modelsOfPerson(String dataSubject) {
    SortedSet<ModelKey> models = new TreeSet<>(edited);
    models.addAll(modelsOfPerson.getOrDefault(dataSubject, new TreeSet<>()));
    return models;
  }
}
