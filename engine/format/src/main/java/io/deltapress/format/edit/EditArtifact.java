package io.deltapress.format.edit;

import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.ContentSeal;
import io.deltapress.format.lowrank.Factors;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.HeaderBudget;
import io.deltapress.format.tensor.MetadataFields;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An edit artifact on disk. Opening checks all of it: header, digest, and that every factor and key
 * is finite; they are read again when they are asked for, one weight at a time.
 *
 * <p>Safe for use by several threads.
 */
public final class EditArtifact implements Closeable {
  /** Version of the format that this code writes, and the only one it reads. */
  public static final int FORMAT_VERSION = 1;

  private static final int MAX_TENSORS = 20_000;
  private static final int MAX_HEADER_BYTES = 32 << 20;

  /** Longest file. */
  public static final long MAX_BYTES =
      Long.BYTES + MAX_HEADER_BYTES + LowRankShift.MAX_ELEMENTS * Float.BYTES;

  private final Path path;
  private final Checkpoint file;
  private final EditIdentity identity;
  private final SortedMap<String, EditedWeight> weights;
  private final String sha256;
  private final long bytes;

  private EditArtifact(Path path, Checkpoint file) throws IOException {
    MetadataFields fields = new MetadataFields(path, file.metadata());
    fields.requireFormat("edit artifact", EditFields.FORMAT_NAME, FORMAT_VERSION);
    this.path = path;
    this.file = file;
    String claimed = ContentSeal.claimed(fields);
    this.identity = identity(fields);
    this.weights = Collections.unmodifiableSortedMap(weights(fields));
    requireOwnTensors();
    Path real = file.files().get(0);
    this.sha256 = ContentSeal.check(real, claimed);
    this.bytes = Files.size(real);
    for (String weight : weights.keySet()) {
      shift(weight);
    }
  }

  /**
   * Opens an artifact.
   *
   * @throws BadInputException if it is none, breaks a rule of the format, or has a factor or key
   *     that is infinite or not a number
   * @throws io.deltapress.format.IntegrityException if it was damaged or changed
   */
  public static EditArtifact open(Path path) throws IOException {
    Checkpoint file = Checkpoints.openFile(path, new HeaderBudget(MAX_TENSORS, MAX_HEADER_BYTES));
    try {
      return new EditArtifact(path, file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Whether a file says of itself that it is an edit artifact; nothing else of it is checked.
   *
   * @throws BadInputException if it is no safetensors file
   */
  public static boolean isOne(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return false;
    }
    try (Checkpoint file = Checkpoints.openFile(path, HeaderBudget.standard())) {
      return EditFields.FORMAT_NAME.equals(file.metadata().get(MetadataFields.FORMAT));
    }
  }

  private static EditIdentity identity(MetadataFields fields) throws BadInputException {
    String editId =
        fields.require(EditFields.EDIT, text -> Optional.of(text).filter(EditIdentity::isEditId));
    WeightsDigest parent =
        fields.require(EditFields.PARENT, text -> Optional.of(new WeightsDigest(text)));
    String method =
        fields.require(EditFields.METHOD, text -> Optional.of(text).filter(EditIdentity::isMethod));
    try {
      return new EditIdentity(editId, parent, method, fields.under(EditFields.NOTE));
    } catch (IllegalArgumentException e) {
      throw BadInputException.of(fields.file(), e.getMessage());
    }
  }

  private SortedMap<String, EditedWeight> weights(MetadataFields fields) throws BadInputException {
    SortedMap<String, EditedWeight> found = new TreeMap<>();
    long elements = 0;
    for (Map.Entry<String, String> field : fields.under(EditFields.WEIGHT).entrySet()) {
      String name = field.getKey();
      EditedWeight weight =
          Optional.of(name)
              .filter(text -> text.length() <= EditFields.MAX_WEIGHT_NAME_CHARACTERS)
              .flatMap(text -> EditedWeight.parse(text, field.getValue()))
              .orElseThrow(() -> BadInputException.of(path, name, "its entry is not valid"));
      elements += requireFactors(weight);
      if (elements > LowRankShift.MAX_ELEMENTS) {
        throw BadInputException.of(
            path,
            "has more than %d elements of factors and keys in all"
                .formatted(LowRankShift.MAX_ELEMENTS));
      }
      found.put(name, weight);
    }
    return found;
  }

  /** Checks types and shapes of both factors and of keys, and counts their elements. */
  private long requireFactors(EditedWeight weight) throws BadInputException {
    TensorInfo a = factor(EditFields.INPUT_FACTOR, weight);
    TensorInfo b = factor(EditFields.OUTPUT_FACTOR, weight);
    long rank = a.shape().rank() == 2 ? a.shape().dimension(0) : 0;
    if (rank < 1 || !a.shape().equals(Shape.of(rank, weight.inputs()))) {
      throw misshapen(a, "[rank, " + weight.inputs() + "]");
    }
    if (!b.shape().equals(Shape.of(weight.outputs(), rank))) {
      throw misshapen(b, "[" + weight.outputs() + ", " + rank + "]");
    }
    return Math.addExact(Math.addExact(a.elementCount(), b.elementCount()), keyElements(weight));
  }

  private long keyElements(EditedWeight weight) throws BadInputException {
    TensorInfo keys = file.tensors().get(EditFields.KEYS + weight.name());
    if (keys == null) {
      return 0;
    }
    requireFloats(keys);
    long count = keys.shape().rank() == 2 ? keys.shape().dimension(0) : 0;
    if (count < 1 || !keys.shape().equals(Shape.of(count, weight.inputs()))) {
      throw misshapen(keys, "[keys, " + weight.inputs() + "]");
    }
    return keys.elementCount();
  }

  private BadInputException misshapen(TensorInfo factor, String expected) {
    return BadInputException.of(
        path,
        factor.name(),
        "shape is " + factor.shape() + ", but its entry calls for " + expected);
  }

  private TensorInfo factor(String prefix, EditedWeight weight) throws BadInputException {
    String name = prefix + weight.name();
    TensorInfo info = file.tensors().get(name);
    if (info == null) {
      throw BadInputException.of(path, name, "missing, although its entry calls for it");
    }
    requireFloats(info);
    return info;
  }

  private void requireFloats(TensorInfo info) throws BadInputException {
    if (info.dtype() != DType.F32) {
      throw BadInputException.of(
          path, info.name(), "dtype is " + info.dtype() + "; factors and keys must be F32");
    }
  }

  private void requireOwnTensors() throws BadInputException {
    for (String name : file.tensors().keySet()) {
      boolean own =
          name.startsWith(EditFields.INPUT_FACTOR)
              || name.startsWith(EditFields.OUTPUT_FACTOR)
              || name.startsWith(EditFields.KEYS);
      int prefix = EditFields.INPUT_FACTOR.length();
      if (!own || !weights.containsKey(name.substring(prefix))) {
        throw BadInputException.of(path, name, "belongs to no entry of the artifact");
      }
    }
  }

  /** What it was opened from. */
  public Path path() {
    return path;
  }

  /** SHA-256 of the file: its content address. */
  public String sha256() {
    return sha256;
  }

  /** Length of the file. */
  public long bytes() {
    return bytes;
  }

  /** All that it says of itself. */
  public EditIdentity identity() {
    return identity;
  }

  /** The edit that it makes. */
  public String editId() {
    return identity.editId();
  }

  /** Weights digest of the foundation, the checkpoint without any edit. */
  public WeightsDigest parent() {
    return identity.parent();
  }

  /** The editor that computed it. */
  public String method() {
    return identity.method();
  }

  /** The weights of the foundation that it shifts, by name; unmodifiable, perhaps empty. */
  public SortedMap<String, EditedWeight> weights() {
    return weights;
  }

  /**
   * Reads the shift of one weight.
   *
   * @throws IllegalArgumentException if it is not shifted
   * @throws BadInputException if the file was changed since it was opened
   */
  public LowRankShift shift(String weight) throws IOException {
    EditedWeight edited = weights.get(weight);
    if (edited == null) {
      throw new IllegalArgumentException("the edit does not shift weight " + weight);
    }
    String a = EditFields.INPUT_FACTOR + weight;
    String b = EditFields.OUTPUT_FACTOR + weight;
    String keys = EditFields.KEYS + weight;
    LowRankShift shift =
        new LowRankShift(
            weight,
            rank(weight),
            edited.inputs(),
            edited.outputs(),
            Factors.read(file.data(a)),
            Factors.read(file.data(b)),
            file.tensors().containsKey(keys) ? Factors.read(file.data(keys)) : new float[0]);
    requireFinite(a, shift.firstNonFiniteOfA());
    requireFinite(b, shift.firstNonFiniteOfB());
    requireFinite(keys, shift.firstNonFiniteOfKeys());
    return shift;
  }

  /** Rank of the shift of one weight, from the header alone. */
  public int rank(String weight) {
    TensorInfo a = file.tensors().get(EditFields.INPUT_FACTOR + weight);
    if (a == null) {
      throw new IllegalArgumentException("the edit does not shift weight " + weight);
    }
    return Math.toIntExact(a.shape().dimension(0));
  }

  private void requireFinite(String tensor, OptionalInt nonFinite) throws BadInputException {
    if (nonFinite.isPresent()) {
      throw BadInputException.of(
          BadInputException.Kind.NON_FINITE,
          path,
          tensor,
          "element " + nonFinite.getAsInt() + " is not finite; do not use this edit");
    }
  }

  /**
   * Reads all shifts, by weight.
   *
   * @throws BadInputException if the file was changed since it was opened
   */
  public SortedMap<String, LowRankShift> shifts() throws IOException {
    SortedMap<String, LowRankShift> shifts = new TreeMap<>();
    for (String weight : weights.keySet()) {
      shifts.put(weight, shift(weight));
    }
    return shifts;
  }

  /** Lets go of the file. */
  @Override
  public void close() {
    file.close();
  }
}
