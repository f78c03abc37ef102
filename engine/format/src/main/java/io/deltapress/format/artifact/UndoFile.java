package io.deltapress.format.artifact;

import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An artifact that takes another one back: exact values under the same mask, parent and result
 * exchanged, replaced tensors as they were.
 */
final class UndoFile implements ChangeRecorder, Closeable {
  private final Path target;
  private final Application application;
  private final ArtifactFile file;
  private final TensorSpools spools;

  private UndoFile(Path target, Application application, ArtifactHeader header) throws IOException {
    this.target = target;
    this.application = application;
    this.file = new ArtifactFile(header, 0, 1);
    this.spools = TensorSpools.beside(target, header);
  }

  static UndoFile begin(Path target, Application application) throws IOException {
    ArtifactHeader done = application.artifact().header();
    return new UndoFile(
        target,
        application,
        new ArtifactHeader(
            application.resultDigest(),
            done.method(),
            done.mask(),
            done.keep(),
            done.rescale(),
            done.seed(),
            ValueCode.EXACT,
            done.include(),
            done.exclude(),
            done.notes()));
  }

  @Override
  public void begin(TensorEntry entry) {
    spools.begin(entry.info());
  }

  @Override
  public void changed(Block block) throws IOException {
    int width = block.bytes / block.length;
    for (int i = 0; i < block.kept; i++) {
      int from = block.positions[i] * width;
      for (int b = 0; b < width; b++) {
        block.values[i * width + b] = (byte) (block.base[from + b] ^ block.fineTuned[from + b]);
      }
    }
    spools.append(block);
  }

  @Override
  public void end(TensorEntry entry) throws IOException {
    String name = entry.info().name();
    TensorDigest before = application.before(name);
    if (entry.kind() == TensorEntry.Kind.PRUNED) {
      file.add(application.back(entry), spools.pieces());
    } else if (before == null) {
      file.add(
          new TensorEntry(TensorEntry.Kind.REMOVED, entry.info(), 0, entry.resultSha256(), null),
          List.of());
    } else {
      TensorInfo stored =
          new TensorInfo(PieceNames.WHOLE + name, before.info().dtype(), before.info().shape());
      file.add(
          new TensorEntry(
              TensorEntry.Kind.WHOLE, before.info(), 0, entry.resultSha256(), before.sha256()),
          List.of(Piece.of(stored, application.base().data(name))));
    }
  }

  @Override
  public void complete() throws IOException {
    file.write(target);
  }

  @Override
  public void close() throws IOException {
    spools.close();
  }
}
