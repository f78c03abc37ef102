package io.deltapress.app.worker;

import io.deltapress.format.lora.FineTunes;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The checkpoints one task has open, and what their locations are called in messages. */
final class TaskSources implements AutoCloseable {
  private final Sources sources;
  private final String tenant;
  private final String model;
  private final Map<String, String> locationOfPath = new LinkedHashMap<>();
  private final Deque<Checkpoint> open = new ArrayDeque<>();
  private @Nullable Checkpoint base;

  TaskSources(Sources sources, String tenant, String model) {
    this.sources = sources;
    this.tenant = tenant;
    this.model = model;
  }

  /** Whose task it is, {@code tenant/model}. */
  String owner() {
    return tenant + "/" + model;
  }

  /** Opens a base; it stays open until the task ends. */
  Checkpoint base(String location) throws IOException, LocationRefusedException {
    base = open(sources.bases(), location, Checkpoints::open);
    return base;
  }

  /**
   * Opens a fine-tune of the tenant, or an adapter to the base that was opened before; it stays
   * open until the task ends.
   */
  Checkpoint fineTuned(String location) throws IOException, LocationRefusedException {
    Checkpoint parent = base;
    return open(
        sources.ofTenant(tenant),
        location,
        path -> parent == null ? Checkpoints.open(path) : FineTunes.open(parent, path));
  }

  /**
   * Finds the directory of a trained editor, which belongs to the tenant or lies beside the bases.
   */
  Path editor(String location) throws LocationRefusedException {
    Path path;
    try {
      path = sources.ofTenant(tenant).resolve(location);
    } catch (LocationRefusedException e) {
      path = sources.bases().resolve(location);
    }
    locationOfPath.put(path.toString(), location);
    return path;
  }

  /** Finds a file of the tenant. */
  Path file(String location) throws LocationRefusedException {
    Path path = sources.ofTenant(tenant).resolve(location);
    locationOfPath.put(path.toString(), location);
    return path;
  }

  /** A message with the request's own words in place of paths of this host. */
  String concealed(String message) {
    String concealed = message;
    for (Map.Entry<String, String> entry : locationOfPath.entrySet()) {
      concealed = concealed.replace(entry.getKey(), entry.getValue());
    }
    return concealed;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private interface Opening {
    Checkpoint open(Path path) throws IOException;
  }

  private Checkpoint open(SourceRoots roots, String location, Opening opening)
      throws IOException, LocationRefusedException {
    Path path = roots.resolve(location);
    locationOfPath.put(path.toString(), location);
    Checkpoint checkpoint = opening.open(path);
    open.push(checkpoint);
    roots.requireInside(location, checkpoint.files());
    return checkpoint;
  }
}
