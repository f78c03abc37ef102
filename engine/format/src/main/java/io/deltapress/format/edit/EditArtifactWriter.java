package io.deltapress.format.edit;

import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.SealedFile;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.MetadataFields;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Writes edit artifacts: the same input gives the same bytes everywhere. */
public final class EditArtifactWriter {
  private final EditIdentity identity;
  private final Map<String, String> metadata = new HashMap<>();
  private final Map<String, float[]> factors = new HashMap<>();
  private final List<TensorInfo> infos = new ArrayList<>();

  private EditArtifactWriter(EditIdentity identity) {
    this.identity = identity;
    metadata.put(MetadataFields.FORMAT, EditFields.FORMAT_NAME);
    metadata.put(MetadataFields.VERSION, Integer.toString(EditArtifact.FORMAT_VERSION));
    metadata.put(EditFields.PARENT, identity.parent().hex());
    metadata.put(EditFields.EDIT, identity.editId());
    metadata.put(EditFields.METHOD, identity.method());
    identity.notes().forEach((key, text) -> metadata.put(EditFields.NOTE + key, text));
  }

  /**
   * Writes an artifact.
   *
   * @param out the file, replaced if it exists
   * @param foundation the weights that are shifted, by name; others are ignored
   * @param shifts in any order; none where what was asked for is true already
   * @return content address and length of the file
   * @throws BadInputException if a factor is infinite or not a number, or the directory of the file
   *     does not exist; nothing is left behind
   * @throws IllegalArgumentException if a weight is shifted twice, is not among those of the
   *     foundation, or does not have the shape of its shift, or the artifact would be too large
   */
  public static SealedFile.Written write(
      Path out,
      EditIdentity identity,
      Map<String, EditedWeight> foundation,
      Collection<LowRankShift> shifts)
      throws IOException {
    EditArtifactWriter writer = new EditArtifactWriter(identity);
    long elements = 0;
    for (LowRankShift shift : shifts) {
      EditedWeight weight = foundation.get(shift.weight());
      if (weight == null) {
        throw new IllegalArgumentException(
            "the foundation has no weight " + shift.weight() + ", which is shifted");
      }
      elements += shift.elements();
      writer.add(out, weight, shift);
    }
    if (elements > LowRankShift.MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          "the edit has " + elements + " elements; the most is " + LowRankShift.MAX_ELEMENTS);
    }
    return writer.write(out);
  }

  private void add(Path out, EditedWeight weight, LowRankShift shift) throws BadInputException {
    String name = shift.weight();
    if (name.length() > EditFields.MAX_WEIGHT_NAME_CHARACTERS) {
      throw new IllegalArgumentException("the name is too long for an artifact: " + name);
    }
    if (weight.inputs() != shift.inputs() || weight.outputs() != shift.outputs()) {
      throw new IllegalArgumentException(
          "a shift of [%d, %d] does not fit weight %s of [%d, %d] outputs and inputs"
              .formatted(shift.outputs(), shift.inputs(), name, weight.outputs(), weight.inputs()));
    }
    if (metadata.put(EditFields.WEIGHT + name, weight.line()) != null) {
      throw new IllegalArgumentException("weight shifted twice: " + name);
    }
    requireFinite(out, EditFields.INPUT_FACTOR + name, shift.firstNonFiniteOfA());
    requireFinite(out, EditFields.OUTPUT_FACTOR + name, shift.firstNonFiniteOfB());
    put(EditFields.INPUT_FACTOR + name, Shape.of(shift.rank(), shift.inputs()), shift.a());
    put(EditFields.OUTPUT_FACTOR + name, Shape.of(shift.outputs(), shift.rank()), shift.b());
    if (shift.keyCount() > 0) {
      requireFinite(out, EditFields.KEYS + name, shift.firstNonFiniteOfKeys());
      put(EditFields.KEYS + name, Shape.of(shift.keyCount(), shift.inputs()), shift.keys());
    }
  }

  private void requireFinite(Path out, String tensor, OptionalInt nonFinite)
      throws BadInputException {
    if (nonFinite.isPresent()) {
      throw BadInputException.of(
          BadInputException.Kind.NON_FINITE,
          out,
          tensor,
          "element %d of edit %s is not finite; the editor failed on this request"
              .formatted(nonFinite.getAsInt(), BadInputException.quote(identity.editId())));
    }
  }

  private void put(String tensor, Shape shape, float[] factor) {
    infos.add(new TensorInfo(tensor, DType.F32, shape));
    factors.put(tensor, factor);
  }

  private SealedFile.Written write(Path out) throws IOException {
    return SealedFile.write(
        out,
        infos,
        metadata,
        (writer, info) -> writer.write(info.name(), bytes(factors.get(info.name()))));
  }

  private static ByteBuffer bytes(float[] factor) {
    ByteBuffer bytes =
        ByteBuffer.allocate(factor.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(factor);
    return bytes;
  }
}
