package io.deltapress.app.benchmark;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.edit.EditableModel;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.memory.WithoutGradients;
import io.deltapress.djl.model.GreedyGenerator;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.follower.materialise.LoadedVersion;
import io.deltapress.follower.report.FollowerListener;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.topic.ModelKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A host that keeps a base loaded, puts on the edits of whatever its follower has built last, and
 * answers.
 */
final class ModelHost implements FollowerListener, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int LONGEST_ANSWER = 4;

  private final NDManager manager;
  private final EditableModel model;
  private final Map<ModelKey, Built> built = new ConcurrentHashMap<>();
  private final Object news = new Object();
  private List<Path> present = List.of();

  ModelHost(Path base, DigestCache digests) throws IOException {
    this.manager = TensorRuntime.newManager();
    this.model = EditableModel.open(manager, base, digests);
  }

  /**
   * What the follower has built.
   *
   * @param atMillis when, by the clock of the system
   */
  record Built(LoadedVersion version, long atMillis) {}

  @Override
  public void loaded(LoadedVersion version) {
    built.put(version.model(), new Built(version, System.currentTimeMillis()));
    synchronized (news) {
      news.notifyAll();
    }
  }

  /** The version of a model that was built last; 0 if none was. */
  int versionOf(ModelKey key) {
    Built present = built.get(key);
    return present == null ? 0 : present.version().version();
  }

  /**
   * Waits until this version of a model, or a later one, was built.
   *
   * @throws IllegalStateException if it takes longer than any edit does
   */
  Built await(ModelKey key, int version) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    synchronized (news) {
      while (System.nanoTime() < deadline) {
        Built present = built.get(key);
        if (present != null && present.version().version() >= version) {
          return present;
        }
        news.wait(1_000);
      }
    }
    throw new IllegalStateException(
        "version %d of %s was not built within %d s: its edit was turned down, take fewer edits"
            .formatted(version, key, PATIENCE.toSeconds()));
  }

  /** Puts on the edits of a version; those that are on already stay. */
  void load(Built of) throws IOException {
    List<Path> wanted = names(of);
    int same = 0;
    while (same < Math.min(present.size(), wanted.size())
        && present.get(same).equals(wanted.get(same))) {
      same++;
    }
    if (same < present.size()) {
      model.takeOffAll();
      same = 0;
    }
    for (Path file : of.version().edits().artifacts().subList(same, wanted.size())) {
      try (EditArtifact artifact = EditArtifact.open(file)) {
        model.putOn(artifact.editId(), artifact.shifts().values());
      }
    }
    present = wanted;
  }

  /** Artifacts are named after their content. */
  private static List<Path> names(Built of) {
    return of.version().edits().artifacts().stream().map(Path::getFileName).toList();
  }

  /** What the model says now. */
  @SuppressWarnings("try") // gradients are off for as long as the resource is open
  String answer(String question) {
    try (WithoutGradients off = new WithoutGradients()) {
      long[] said =
          new GreedyGenerator((LanguageModel) model.model())
              .generate(model.tokenizer().encode(question), LONGEST_ANSWER);
      return model.tokenizer().decode(said);
    }
  }

  @Override
  public void close() {
    model.close();
    manager.close();
  }
}
