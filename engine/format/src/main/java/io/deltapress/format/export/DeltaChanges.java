package io.deltapress.format.export;

import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.PatchedTensors;
import io.deltapress.format.artifact.PatchedTensors.ChangeVisitor;
import io.deltapress.format.artifact.TensorEntry;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/** What a delta artifact changes. */
final class DeltaChanges implements ChangedTensors {
  private final DeltaArtifact artifact;
  private final PatchedTensors patched;

  /**
   * @throws BadInputException if the artifact removes a tensor
   */
  DeltaChanges(DeltaArtifact artifact, PatchedTensors patched) throws BadInputException {
    this.artifact = artifact;
    this.patched = patched;
    for (TensorEntry entry : artifact.tensors().values()) {
      if (entry.kind() == TensorEntry.Kind.REMOVED) {
        throw BadInputException.of(
            artifact.path(),
            entry.info().name(),
            "is removed, which a patch cannot express; export a checkpoint");
      }
    }
  }

  @Override
  public WeightsDigest parent() {
    return patched.parentDigest();
  }

  @Override
  public SortedMap<String, TensorInfo> resultTensors() {
    return patched.resultTensors();
  }

  @Override
  public List<TensorInfo> patched() {
    return of(TensorEntry.Kind.PRUNED);
  }

  @Override
  public List<TensorInfo> replaced() {
    return of(TensorEntry.Kind.WHOLE);
  }

  private List<TensorInfo> of(TensorEntry.Kind kind) {
    return artifact.tensors().values().stream()
        .filter(entry -> entry.kind() == kind)
        .map(TensorEntry::info)
        .toList();
  }

  @Override
  public void visit(String tensor, ChangeVisitor visitor) throws IOException {
    patched.visit(Objects.requireNonNull(artifact.tensors().get(tensor)), visitor);
  }

  @Override
  public TensorData whole(String tensor) throws IOException {
    return patched.whole(tensor);
  }
}
