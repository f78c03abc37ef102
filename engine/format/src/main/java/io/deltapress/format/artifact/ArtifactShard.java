package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.mask.MaskBlocks;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.HeaderBudget;
import io.deltapress.format.tensor.MetadataFields;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One file of an artifact whose header has been checked against the rules of {@code FORMAT.md}. */
final class ArtifactShard implements Closeable {
  private final Checkpoint file;
  private final ArtifactHeader header;
  private final int index;
  private final int shards;
  private final String contentSha256;
  private final Map<String, TensorEntry> entries = new HashMap<>();

  private ArtifactShard(Checkpoint file) throws BadInputException {
    Path path = file.path();
    Map<String, String> metadata = file.metadata();
    this.file = file;
    this.header = ArtifactHeader.parse(path, metadata);
    this.shards = number(ArtifactFile.SHARDS);
    this.index = number(ArtifactFile.SHARD);
    this.contentSha256 = ContentSeal.claimed(new MetadataFields(path, metadata));
    if (index >= shards || shards > ArtifactHeader.MAX_SHARDS) {
      throw BadInputException.of(path, "claims to be shard " + index + " of " + shards);
    }
    readEntries();
    requireFactorsOfPrunedTensors();
    new PieceCheck().run();
  }

  /**
   * Opens a file of an artifact.
   *
   * @param budget for the headers of all its files
   */
  static ArtifactShard open(Path path, HeaderBudget budget) throws IOException {
    Checkpoint file = Checkpoints.openFile(path, budget);
    try {
      return new ArtifactShard(file);
    } catch (BadInputException e) {
      file.close();
      throw e;
    }
  }

  private int number(String field) throws BadInputException {
    return new MetadataFields(file.path(), file.metadata())
        .require(
            field,
            text ->
                text.matches("0|[1-9][0-9]{0,5}")
                    ? Optional.of(Integer.valueOf(text))
                    : Optional.empty());
  }

  private void readEntries() throws BadInputException {
    for (var field : file.metadata().entrySet()) {
      if (field.getKey().startsWith(ArtifactFile.ENTRY)) {
        String name = field.getKey().substring(ArtifactFile.ENTRY.length());
        TensorEntry entry =
            TensorEntry.parse(name, field.getValue())
                .orElseThrow(
                    () -> BadInputException.of(file.path(), name, "its entry is not valid"));
        entries.put(name, entry);
      }
    }
  }

  private void requireFactorsOfPrunedTensors() throws BadInputException {
    for (String name : header.rescale().perTensor().keySet()) {
      TensorEntry entry = entries.get(name);
      if (entry == null || entry.kind() != TensorEntry.Kind.PRUNED) {
        throw BadInputException.of(
            file.path(), name, "has a rescale factor, but no entry of a pruned tensor");
      }
    }
  }

  Path path() {
    return file.path();
  }

  ArtifactHeader header() {
    return header;
  }

  int index() {
    return index;
  }

  int shards() {
    return shards;
  }

  Map<String, TensorEntry> entries() {
    return entries;
  }

  /** A stored tensor that the header has been checked to name. */
  TensorData piece(String prefix, String tensor) throws IOException {
    return file.data(prefix + tensor);
  }

  Map<String, TensorInfo> pieces() {
    return file.tensors();
  }

  /**
   * Reads the whole file.
   *
   * @return its SHA-256
   * @throws io.deltapress.format.IntegrityException if it is not as it was sealed
   */
  String check() throws IOException {
    return ContentSeal.check(file.files().get(0), contentSha256);
  }

  @Override
  public void close() {
    file.close();
  }

  /** Checks that the stored tensors are those the entries call for, and no others. */
  private final class PieceCheck {
    private final Set<String> expected = new HashSet<>();

    void run() throws BadInputException {
      for (TensorEntry entry : entries.values()) {
        switch (entry.kind()) {
          case PRUNED -> pruned(entry);
          case WHOLE -> whole(entry);
          case REMOVED -> {}
        }
      }
      for (String name : file.tensors().keySet()) {
        if (!expected.contains(name)) {
          throw BadInputException.of(file.path(), name, "belongs to no entry of the artifact");
        }
      }
    }

    private void whole(TensorEntry entry) throws BadInputException {
      TensorInfo stored = stored(PieceNames.WHOLE, entry);
      require(
          stored.dtype() == entry.info().dtype() && stored.shape().equals(entry.info().shape()),
          stored,
          "type and shape differ from those of its entry");
    }

    private void pruned(TensorEntry entry) throws BadInputException {
      ValueCode code = header.values();
      long blocks = MaskBlocks.count(entry.info().elementCount());
      long kept = entry.kept();
      TensorInfo values = vector(PieceNames.VALUES, entry, code.storedAs(entry.info().dtype()));
      // Half bytes and groups begin anew with every block, so up to one per block is not full.
      long least = code == ValueCode.INT4 ? (kept + 1) / 2 : kept;
      long most = code == ValueCode.INT4 ? (kept + blocks) / 2 : kept;
      requireBetween(values, least, most);
      if (code.hasScales()) {
        TensorInfo scales = vector(PieceNames.SCALES, entry, DType.F16);
        requireBetween(scales, -Math.floorDiv(-kept, (long) ValueCode.GROUP), kept);
      }
      if (header.mask() == MaskKind.STORED) {
        TensorInfo mask = vector(PieceNames.MASK, entry, DType.U8);
        requireBetween(mask, blocks, Math.addExact(blocks * 2, entry.info().elementCount() / 8));
      }
    }

    private void requireBetween(TensorInfo stored, long least, long most) throws BadInputException {
      long elements = stored.elementCount();
      require(
          elements >= least && elements <= most,
          stored,
          "has " + elements + " elements, but its entry allows " + least + " to " + most);
    }

    private TensorInfo vector(String prefix, TensorEntry entry, DType dtype)
        throws BadInputException {
      TensorInfo stored = stored(prefix, entry);
      require(
          stored.dtype() == dtype && stored.shape().rank() == 1,
          stored,
          "is no vector of " + dtype);
      return stored;
    }

    private TensorInfo stored(String prefix, TensorEntry entry) throws BadInputException {
      String name = prefix + entry.info().name();
      TensorInfo stored = file.tensors().get(name);
      if (stored == null) {
        throw BadInputException.of(file.path(), name, "missing, although its entry calls for it");
      }
      expected.add(name);
      return stored;
    }

    private void require(boolean rule, TensorInfo stored, String broken) throws BadInputException {
      if (!rule) {
        throw BadInputException.of(file.path(), stored.name(), broken);
      }
    }
  }
}
