package io.deltapress.format.edit;

import io.deltapress.format.artifact.SealedFile;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.lora.AdapterFiles;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Sha256;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorDigest;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A foundation and edits of it that a test makes up, as numbers and as files. */
public final class EditBench {
  private final Path directory;
  private final AdapterFiles tensors = new AdapterFiles();
  private final Map<String, Orientation> orientations = new TreeMap<>();
  private final SplittableRandom random;

  public EditBench(Path directory, long seed) {
    this.directory = directory;
    this.random = new SplittableRandom(seed);
  }

  /** Adds a weight of normal numbers. */
  public EditBench weight(
      String name, DType dtype, Orientation orientation, int inputs, int outputs) {
    boolean outputsFirst = orientation == Orientation.OUTPUT_INPUT;
    tensors.tensor(name, dtype, outputsFirst ? outputs : inputs, outputsFirst ? inputs : outputs);
    orientations.put(name, orientation);
    return this;
  }

  /** Adds a tensor that no edit touches. */
  public EditBench other(String name, DType dtype, long... shape) {
    tensors.tensor(name, dtype, shape);
    return this;
  }

  public Path path(String name) {
    return directory.resolve(name);
  }

  /** The values of a weight, row-major as stored. */
  public double[] values(String weight) {
    return tensors.values.get(weight);
  }

  /** Writes and opens the foundation. */
  public Checkpoint foundation() throws IOException {
    return Checkpoints.open(tensors.writeFile(path("foundation.safetensors")));
  }

  /** The weights that edits may shift. */
  public Map<String, EditedWeight> weights() {
    Map<String, EditedWeight> weights = new TreeMap<>();
    orientations.forEach(
        (name, orientation) -> weights.put(name, new EditedWeight(digest(name), orientation)));
    return weights;
  }

  private TensorDigest digest(String name) {
    TensorInfo info = tensors.infos.get(name);
    MessageDigest sha256 = Sha256.newDigest();
    sha256.update(AdapterFiles.bytes(info.dtype(), tensors.values.get(name)));
    return new TensorDigest(info, Sha256.hex(sha256));
  }

  public WeightsDigest digest() {
    return WeightsDigest.of(tensors.infos.keySet().stream().map(this::digest).toList());
  }

  /** A shift of a weight by normal numbers. */
  public LowRankShift shift(String name, int rank) {
    EditedWeight weight = weights().get(name);
    float[] a = normal(rank * weight.inputs());
    float[] b = normal(weight.outputs() * rank);
    return new LowRankShift(name, rank, weight.inputs(), weight.outputs(), a, b);
  }

  /** The same, remembering keys. */
  public LowRankShift shift(String name, int rank, int keys) {
    LowRankShift shift = shift(name, rank);
    return shift.withKeys(normal(keys * shift.inputs()));
  }

  private float[] normal(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (random.nextGaussian() * 0.3);
    }
    return numbers;
  }

  public EditIdentity identity(String editId) {
    return new EditIdentity(editId, digest(), "mend", Collections.emptySortedMap());
  }

  /** Writes an edit to the file {@code EDIT.safetensors}. */
  public Path write(String editId, LowRankShift... shifts) throws IOException {
    Path file = path(editId + ".safetensors");
    SealedFile.Written written =
        EditArtifactWriter.write(file, identity(editId), weights(), List.of(shifts));
    assert written.bytes() > 0;
    return file;
  }

  public EditArtifact edit(String editId, LowRankShift... shifts) throws IOException {
    return EditArtifact.open(write(editId, shifts));
  }

  /** The bytes of a tensor. */
  public static byte[] bytes(TensorData data) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(data.byteLength())];
    data.copyTo(0, bytes, 0, bytes.length);
    return bytes;
  }

  /** The result by the words of FORMAT.md, an element at a time, as bytes. */
  public byte[] expected(String weight, List<LowRankShift> list) {
    EditedWeight edited = weights().get(weight);
    double[] old = values(weight);
    double[] result = new double[old.length];
    for (int input = 0; input < edited.inputs(); input++) {
      for (int output = 0; output < edited.outputs(); output++) {
        double acc = 0;
        for (LowRankShift shift : list) {
          for (int r = 0; r < shift.rank() && shift.weight().equals(weight); r++) {
            double product =
                (double) shift.b()[output * shift.rank() + r]
                    * shift.a()[r * shift.inputs() + input];
            acc = acc + product;
          }
        }
        int at =
            edited.orientation() == Orientation.OUTPUT_INPUT
                ? output * edited.inputs() + input
                : input * edited.outputs() + output;
        result[at] = old[at] + acc;
      }
    }
    return rounded(edited.foundation().info().dtype(), result);
  }

  /** Rounds by searching the nearest number of the type, independent of the code under test. */
  private static byte[] rounded(DType dtype, double[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) dtype.byteLength(values.length)).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (dtype) {
        case F64 -> bytes.putDouble(value);
        case F32 -> bytes.putFloat((float) value);
        case BF16 -> bytes.putShort(nearest(value, 8, -133));
        case F16 -> bytes.putShort(nearest(value, 11, -24));
        default -> throw new IllegalArgumentException("not a float: " + dtype);
      }
    }
    return bytes.array();
  }

  /**
   * Bits of the nearest number of so many bits of precision, of which the smallest is a power of
   * two; {@link Math#rint} breaks ties to even.
   */
  private static short nearest(double value, int precision, int smallestExponent) {
    int exponent = Math.max(Math.getExponent(value), smallestExponent + precision - 1);
    double unit = Math.scalb(1.0, exponent - precision + 1);
    double rounded = Math.rint(value / unit) * unit;
    float single = (float) rounded;
    if (precision == 8) {
      return (short) (Float.floatToRawIntBits(single) >>> 16);
    }
    return halfBits(single);
  }

  /** Bits of a number that binary16 has. */
  private static short halfBits(float number) {
    int sign = Float.floatToRawIntBits(number) >>> 16 & 0x8000;
    double magnitude = Math.abs((double) number);
    if (magnitude < 0x1p-14) {
      return (short) (sign | (int) (magnitude * 0x1p24));
    }
    int exponent = Math.getExponent(magnitude);
    int mantissa = (int) ((magnitude / Math.scalb(1.0, exponent) - 1) * 1024);
    return (short) (sign | exponent + 15 << 10 | mantissa);
  }
}
