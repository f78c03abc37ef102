package io.deltapress.format.artifact;

import io.deltapress.format.mask.StoredMaskEncoder;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the values, scales and masks of the tensors of one artifact file wait. */
final class TensorSpools implements Closeable {
  private final ValueCode code;
  private final List<Spool> opened;
  private final Spool values;
  private final @Nullable Spool scales;
  private final @Nullable Spool masks;
  private final StoredMaskEncoder maskEncoder = new StoredMaskEncoder();
  private final byte[] encodedMask = new byte[StoredMaskEncoder.MAX_BLOCK_BYTES];
  private @Nullable TensorInfo tensor;
  private long valuesFrom;
  private long scalesFrom;
  private long masksFrom;

  private TensorSpools(Path target, ArtifactHeader header, List<Spool> opened) throws IOException {
    this.code = header.values();
    this.opened = opened;
    this.values = open(target);
    this.scales = code.hasScales() ? open(target) : null;
    this.masks = header.mask() == MaskKind.STORED ? open(target) : null;
  }

  static TensorSpools beside(Path target, ArtifactHeader header) throws IOException {
    List<Spool> opened = new ArrayList<>();
    try {
      return new TensorSpools(target, header, opened);
    } catch (IOException e) {
      for (Spool spool : opened) {
        spool.close();
      }
      throw e;
    }
  }

  private Spool open(Path target) throws IOException {
    Spool spool = Spool.beside(target);
    opened.add(spool);
    return spool;
  }

  /** Turns to the next tensor; what was not taken as pieces is forgotten. */
  void begin(TensorInfo next) {
    tensor = next;
    valuesFrom = values.length();
    scalesFrom = scales == null ? 0 : scales.length();
    masksFrom = masks == null ? 0 : masks.length();
  }

  /** Appends an encoded block. */
  void append(Block block) throws IOException {
    values.append(block.values, code.valueBytes(block.kept, tensor().dtype()));
    if (scales != null) {
      scales.append(block.scales, code.scaleBytes(block.kept));
    }
    if (masks != null) {
      int bytes = maskEncoder.encode(block.positions, block.kept, block.length, encodedMask);
      masks.append(encodedMask, bytes);
    }
  }

  private TensorInfo tensor() {
    return Objects.requireNonNull(tensor, "no tensor was begun");
  }

  /** What was appended since {@link #begin}. */
  List<Piece> pieces() {
    TensorInfo info = tensor();
    List<Piece> pieces = new ArrayList<>();
    pieces.add(piece(PieceNames.VALUES, info, code.storedAs(info.dtype()), values, valuesFrom));
    if (scales != null) {
      pieces.add(piece(PieceNames.SCALES, info, DType.F16, scales, scalesFrom));
    }
    if (masks != null) {
      pieces.add(piece(PieceNames.MASK, info, DType.U8, masks, masksFrom));
    }
    return pieces;
  }

  private static Piece piece(String prefix, TensorInfo info, DType dtype, Spool spool, long from) {
    long elements = (spool.length() - from) * Byte.SIZE / dtype.bits();
    return Piece.of(new TensorInfo(prefix + info.name(), dtype, Shape.of(elements)), spool, from);
  }

  @Override
  public void close() throws IOException {
    for (Spool spool : opened) {
      spool.close();
    }
  }
}
