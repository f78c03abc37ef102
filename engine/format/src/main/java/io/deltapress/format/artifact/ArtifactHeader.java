package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.mask.DrawnMasks;
import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.mask.MaskGenerator;
import io.deltapress.format.mask.StructuralMaskGenerator;
import io.deltapress.format.tensor.MetadataFields;
import io.deltapress.format.tensor.WeightsDigest;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an artifact says of itself, the same in all its shards.
 *
 * @param parent weights digest of the parent, to which it is applied
 * @param method how the delta was pruned
 * @param mask where the masks come from
 * @param keep how likely a position was kept
 * @param rescale the factors q; those of single tensors stand with their tensors
 * @param seed of the masks
 * @param values how kept values are written
 * @param include globs of the tensors that were to be pruned; none mean all
 * @param exclude globs of tensors that were not
 * @param notes for people, by key
 */
public record ArtifactHeader(
    WeightsDigest parent,
    Method method,
    MaskKind mask,
    KeepProbability keep,
    RescaleFactors rescale,
    long seed,
    ValueCode values,
    List<String> include,
    List<String> exclude,
    SortedMap<String, String> notes) {
  /** Version of the format that this code writes, and the only one it reads. */
  public static final int FORMAT_VERSION = 1;

  /** Most shards of an artifact. */
  public static final int MAX_SHARDS = 10_000;

  static final String FORMAT_NAME = "deltapress-delta";
  static final String PARENT = "parent";
  static final String METHOD = "method";
  static final String MASK = "mask";
  static final String KEEP = "keep";
  static final String RESCALE = "rescale";
  static final String SEED = "seed";
  static final String VALUES = "values";
  static final String INCLUDE = "include";
  static final String EXCLUDE = "exclude";

  /** Prefix of the metadata fields with the factor of a tensor that has its own. */
  static final String TENSOR_RESCALE = RESCALE + "/";

  /** Prefix of the metadata fields that hold a note each. */
  static final String NOTE = "note/";

  /** Makes all collections unmodifiable. */
  public ArtifactHeader {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
  }

  static ArtifactHeader of(WeightsDigest parent, CompressionSettings settings) {
    return new ArtifactHeader(
        parent,
        settings.method(),
        settings.method().mask(),
        settings.keep(),
        settings.rescale(),
        settings.seed(),
        settings.values(),
        settings.include(),
        settings.exclude(),
        settings.notes());
  }

  /** The same with other factors. */
  ArtifactHeader with(RescaleFactors factors) {
    return new ArtifactHeader(
        parent, method, mask, keep, factors, seed, values, include, exclude, notes);
  }

  /** What all shards have in common: everything but the factors of single tensors. */
  ArtifactHeader shared() {
    return with(RescaleFactors.of(rescale.common()));
  }

  /** Draws the masks unless they are stored. */
  DrawnMasks drawnMasks() {
    return mask == MaskKind.STRUCTURAL
        ? new StructuralMaskGenerator(seed, keep)
        : new MaskGenerator(seed, keep);
  }

  /** The fields of the metadata that all shards share. */
  Map<String, String> metadata() {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(MetadataFields.FORMAT, FORMAT_NAME);
    metadata.put(MetadataFields.VERSION, Integer.toString(FORMAT_VERSION));
    metadata.put(PARENT, parent.hex());
    metadata.put(METHOD, method.wireName());
    metadata.put(MASK, mask.wireName());
    metadata.put(KEEP, Long.toString(keep.k()));
    metadata.put(RESCALE, number(rescale.common()));
    metadata.put(SEED, HexFormat.of().toHexDigits(seed));
    metadata.put(VALUES, values.wireName());
    if (!include.isEmpty()) {
      metadata.put(INCLUDE, GlobList.write(include));
    }
    if (!exclude.isEmpty()) {
      metadata.put(EXCLUDE, GlobList.write(exclude));
    }
    notes.forEach((key, text) -> metadata.put(NOTE + key, text));
    return metadata;
  }

  /** The field with the factor of a tensor that has its own; none of another tensor. */
  Map<String, String> metadataOf(String tensor) {
    double factor = rescale.factor(tensor);
    return factor == rescale.common() ? Map.of() : Map.of(TENSOR_RESCALE + tensor, number(factor));
  }

  /** Decimal forms of a double differ between Java releases, the hexadecimal one does not. */
  private static String number(double value) {
    return Double.toHexString(value);
  }

  static ArtifactHeader parse(Path file, Map<String, String> metadata) throws BadInputException {
    MetadataFields fields = new MetadataFields(file, metadata);
    fields.requireFormat("delta artifact", FORMAT_NAME, FORMAT_VERSION);
    return new ArtifactHeader(
        fields.require(PARENT, text -> Optional.of(new WeightsDigest(text))),
        fields.require(METHOD, Method::of),
        fields.require(MASK, MaskKind::of),
        fields.require(KEEP, text -> Optional.of(keep(text))),
        rescale(fields),
        fields.require(SEED, text -> Optional.of(seed(text))),
        fields.require(VALUES, ValueCode::of),
        globs(fields, INCLUDE),
        globs(fields, EXCLUDE),
        fields.under(NOTE));
  }

  private static RescaleFactors rescale(MetadataFields fields) throws BadInputException {
    double common = fields.require(RESCALE, text -> Optional.of(factor(text)));
    SortedMap<String, Double> perTensor = new TreeMap<>();
    for (var field : fields.under(TENSOR_RESCALE).entrySet()) {
      try {
        perTensor.put(field.getKey(), factor(field.getValue()));
      } catch (IllegalArgumentException e) {
        throw BadInputException.of(
            fields.file(),
            field.getKey(),
            "its rescale factor %s is not valid"
                .formatted(BadInputException.quote(field.getValue())));
      }
    }
    return new RescaleFactors(common, perTensor);
  }

  private static List<String> globs(MetadataFields fields, String key) throws BadInputException {
    return fields.fields().containsKey(key)
        ? fields.require(key, text -> Optional.of(GlobList.parse(text)))
        : List.of();
  }

  private static KeepProbability keep(String text) {
    if (!text.matches("0|[1-9][0-9]{0,9}")) {
      throw new IllegalArgumentException(text);
    }
    return new KeepProbability(Long.parseLong(text));
  }

  private static double factor(String text) {
    if (!text.matches("0x[01]\\.[0-9a-f]{1,13}p(0|-?[1-9][0-9]{0,3})")) {
      throw new IllegalArgumentException(text);
    }
    return RescaleFactors.of(Double.parseDouble(text)).common();
  }

  private static long seed(String text) {
    if (!text.matches("[0-9a-f]{16}")) {
      throw new IllegalArgumentException(text);
    }
    return HexFormat.fromHexDigitsToLong(text);
  }
}
