package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.delta.LinearInput;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.delta.MagnitudeSelection;
import io.deltapress.format.delta.OutputRowSelection;
import io.deltapress.format.mask.DrawnMasks;
import io.deltapress.format.mask.MaskCursor;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Finds which positions of tensors a method keeps. Not safe for use by several threads. */
final class PositionFinder {
  private final ArtifactHeader header;
  private final InputNorms norms;
  private final DrawnMasks drawnMasks;
  private final Path fineTunedPath;
  private final Block block;
  private final double[] deltas;

  /**
   * @param norms of inputs, for WANDA
   * @param block the block whose positions are found
   * @param deltas its deltas
   */
  PositionFinder(
      ArtifactHeader header, InputNorms norms, Path fineTunedPath, Block block, double[] deltas) {
    this.header = header;
    this.norms = norms;
    this.drawnMasks = header.drawnMasks();
    this.fineTunedPath = fineTunedPath;
    this.block = block;
    this.deltas = deltas;
  }

  /** Finds the kept positions of the block that was just read; blocks must come in order. */
  @FunctionalInterface
  interface Positions {
    int next() throws IOException;
  }

  /** The positions of a tensor; what they depend on is read now. */
  Positions positions(DeltaBlocks tensor) throws IOException {
    if (header.mask() != MaskKind.STORED) {
      MaskCursor cursor = drawnMasks.cursor(tensor.info());
      return () -> cursor.next(block.length, block.positions);
    }
    if (isFineTuneItself(tensor.info())) {
      return this::changed;
    }
    Optional<LinearInput> input =
        header.method() == Method.WANDA ? norms.find(tensor.info().name()) : Optional.empty();
    return input.isPresent() ? perOutput(tensor, input.get()) : byMagnitude(tensor);
  }

  /** Nothing is dropped or rounded, so what is equal in both need not be kept. */
  private boolean isFineTuneItself(TensorInfo info) {
    return header.values() == ValueCode.EXACT
        && header.keep().keepsEverything()
        && header.rescale().factor(info.name()) == 1;
  }

  private int changed() {
    int width = block.bytes / block.length;
    int kept = 0;
    for (int i = 0; i < block.length; i++) {
      int from = i * width;
      if (Arrays.mismatch(block.base, from, from + width, block.fineTuned, from, from + width)
          >= 0) {
        block.positions[kept++] = (char) i;
      }
    }
    return kept;
  }

  private Positions byMagnitude(DeltaBlocks tensor) throws IOException {
    MagnitudeSelection selection =
        MagnitudeSelection.find(
            reader -> {
              for (long b = 0; b < tensor.count(); b++) {
                tensor.read(b);
                reader.read(deltas, block.length);
              }
            },
            header.keep().droppedCount(tensor.info().elementCount()));
    return () -> selection.positions(deltas, block.length, block.positions);
  }

  private Positions perOutput(DeltaBlocks tensor, LinearInput input) throws IOException {
    int outputs = outputs(tensor.info(), input);
    int dropped = (int) header.keep().droppedCount(input.inputs());
    OutputRowSelection selection = OutputRowSelection.find(input, outputs, dropped, tensor::read);
    return () -> selection.positions(deltas, block.length, block.positions);
  }

  private int outputs(TensorInfo info, LinearInput input) throws BadInputException {
    Shape shape = info.shape();
    boolean outputsFirst = input.orientation() == Orientation.OUTPUT_INPUT;
    if (shape.rank() != 2
        || shape.dimension(outputsFirst ? 1 : 0) != input.inputs()
        || shape.dimension(outputsFirst ? 0 : 1) > Integer.MAX_VALUE) {
      throw BadInputException.of(
          fineTunedPath,
          info.name(),
          "has the shape %s, which is not %s of the %d inputs that were measured; calibrate with this model"
              .formatted(
                  shape.dimensions(),
                  outputsFirst ? "[output, input]" : "[input, output]",
                  input.inputs()));
    }
    return (int) shape.dimension(outputsFirst ? 0 : 1);
  }
}
