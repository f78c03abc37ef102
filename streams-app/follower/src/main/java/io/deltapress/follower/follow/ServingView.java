package io.deltapress.follower.follow;

import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Revocation;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.VersionKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The latest record per key of the serving topics, and what follows from them for each model. The
 * order in which records of different topics arrive makes no difference.
 *
 * <p>Each change returns the models whose goal it may have changed. Safe for use by several
 * threads.
 */
public final class ServingView {
  private final Map<ModelKey, Latest<ModelHead>> heads = new HashMap<>();
  private final Map<VersionKey, Latest<ModelVersion>> versions = new HashMap<>();
  private final Map<String, BaseRegistration> bases = new HashMap<>();

  /** The latest record of a key, or why it cannot be read. */
  private sealed interface Latest<T> {
    record Read<T>(T value) implements Latest<T> {}

    record Unreadable<T>(String reason) implements Latest<T> {}
  }

  /** A head has moved. */
  public synchronized Set<ModelKey> headMoved(ModelKey model, ModelHead head) {
    heads.put(model, new Latest.Read<>(head));
    return Set.of(model);
  }

  /** The latest record of a head cannot be read. */
  public synchronized Set<ModelKey> headUnreadable(ModelKey model, String reason) {
    heads.put(model, new Latest.Unreadable<>(reason));
    return Set.of(model);
  }

  /** The model has been removed. */
  public synchronized Set<ModelKey> headRemoved(ModelKey model) {
    heads.remove(model);
    return Set.of(model);
  }

  /** A version was published or revoked. */
  public synchronized Set<ModelKey> versionChanged(VersionKey name, ModelVersion version) {
    versions.put(name, new Latest.Read<>(version));
    return ifHead(name);
  }

  /** The latest record of a version cannot be read. */
  public synchronized Set<ModelKey> versionUnreadable(VersionKey name, String reason) {
    versions.put(name, new Latest.Unreadable<>(reason));
    return ifHead(name);
  }

  /** Nothing references the version any more. */
  public synchronized Set<ModelKey> versionRemoved(VersionKey name) {
    versions.remove(name);
    return ifHead(name);
  }

  /** A base was registered, checked, or registered again. */
  public synchronized Set<ModelKey> baseChanged(BaseRegistration base) {
    bases.put(base.getWeightsDigest(), base);
    return modelsOn(base.getWeightsDigest());
  }

  /** A base was removed. */
  public synchronized Set<ModelKey> baseRemoved(String weightsDigest) {
    bases.remove(weightsDigest);
    return modelsOn(weightsDigest);
  }

  /** All models that have a head, sorted by name. */
  public synchronized Set<ModelKey> models() {
    return new TreeSet<>(heads.keySet());
  }

  /** What to do about a model. */
  public synchronized Goal goal(ModelKey model) {
    Latest<ModelHead> head = heads.get(model);
    if (head == null) {
      return new Goal.Nothing();
    }
    if (head instanceof Latest.Unreadable<ModelHead> unreadable) {
      return new Goal.Refused(0, unreadable.reason());
    }
    return goal(model, ((Latest.Read<ModelHead>) head).value().getVersion());
  }

  private Goal goal(ModelKey model, int headVersion) {
    Latest<ModelVersion> version = versions.get(new VersionKey(model, headVersion));
    if (version == null) {
      return new Goal.Waiting(
          headVersion, "Version %d of %s is not published yet".formatted(headVersion, model));
    }
    if (version instanceof Latest.Unreadable<ModelVersion> unreadable) {
      return new Goal.Refused(headVersion, unreadable.reason());
    }
    return goal(model, ((Latest.Read<ModelVersion>) version).value());
  }

  private Goal goal(ModelKey model, ModelVersion version) {
    int number = version.getVersion();
    if (version.getState() == VersionState.EDITED) {
      return goalOnBase(model, version);
    }
    if (version.getState() == VersionState.PUBLISHED) {
      // A follower that cannot put edits on reads EDITED as UNKNOWN, but would serve this one.
      return version.getEdits().isEmpty()
          ? goalOnBase(model, version)
          : new Goal.Refused(
              number,
              "Version %d of %s has edits, but not the state EDITED; publish it again"
                  .formatted(number, model));
    }
    if (version.getState() == VersionState.REVOKED) {
      return new Goal.Refused(number, revoked(model, version));
    }
    return new Goal.Refused(
        number,
        "Version %d of %s has a state this follower does not know; upgrade the follower"
            .formatted(number, model));
  }

  private static String revoked(ModelKey model, ModelVersion version) {
    Revocation revocation = version.getRevocation();
    String why =
        revocation == null
            ? "without a reason"
            : "by %s: %s"
                .formatted(
                    OneLine.of(revocation.getPrincipal()), OneLine.of(revocation.getReason()));
    return "Version %d of %s is revoked %s; move the head to another version"
        .formatted(version.getVersion(), model, why);
  }

  private Goal goalOnBase(ModelKey model, ModelVersion version) {
    int number = version.getVersion();
    BaseRegistration base = bases.get(version.getBaseDigest());
    if (base == null || base.getStatus() == BaseStatus.REGISTERED) {
      return new Goal.Waiting(
          number,
          "Base %s of version %d of %s is not %s yet"
              .formatted(
                  OneLine.of(version.getBaseName()),
                  number,
                  model,
                  base == null ? "registered" : "checked"));
    }
    if (base.getStatus() == BaseStatus.USABLE) {
      return new Goal.Loading(version, base);
    }
    return new Goal.Refused(
        number,
        "Base %s of version %d of %s is refused: %s"
            .formatted(
                OneLine.of(version.getBaseName()),
                number,
                model,
                base.getRefusal() == null
                    ? "no reason given"
                    : OneLine.of(String.valueOf(base.getRefusal()))));
  }

  private Set<ModelKey> ifHead(VersionKey name) {
    return goal(name.model()).headVersion() == name.version() ? Set.of(name.model()) : Set.of();
  }

  private Set<ModelKey> modelsOn(String weightsDigest) {
    Set<ModelKey> models = new HashSet<>();
    heads.forEach(
        (model, head) -> {
          if (head instanceof Latest.Read<ModelHead> read && isOn(weightsDigest, model, read)) {
            models.add(model);
          }
        });
    return models;
  }

  private boolean isOn(String weightsDigest, ModelKey model, Latest.Read<ModelHead> head) {
    VersionKey name = new VersionKey(model, head.value().getVersion());
    return versions.get(name) instanceof Latest.Read<ModelVersion> version
        && version.value().getBaseDigest().equals(weightsDigest);
  }
}
