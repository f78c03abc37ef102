package io.deltapress.format.artifact;

import io.deltapress.format.BadInputException;
import io.deltapress.format.mask.KeepProbability;
import io.deltapress.format.mask.MaskGenerator;
import io.deltapress.format.tensor.WeightsDigest;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What an artifact says of itself, the same in all its shards.
 *
 * @param parent weights digest of the parent, to which it is applied
 * @param method how the delta was pruned
 * @param mask where the masks come from
 * @param keep how likely a position was kept
 * @param rescale the factor q
 * @param seed of the masks
 * @param values how kept values are written
 */
public record ArtifactHeader(
    WeightsDigest parent,
    Method method,
    MaskKind mask,
    KeepProbability keep,
    double rescale,
    long seed,
    ValueCode values) {
  /** Version of the format that this code writes, and the only one it reads. */
  public static final int FORMAT_VERSION = 1;

  /** Most shards of an artifact. */
  public static final int MAX_SHARDS = 10_000;

  static final String FORMAT = "format";
  static final String FORMAT_NAME = "deltapress-delta";
  static final String VERSION = "format_version";
  static final String PARENT = "parent";
  static final String METHOD = "method";
  static final String MASK = "mask";
  static final String KEEP = "keep";
  static final String RESCALE = "rescale";
  static final String SEED = "seed";
  static final String VALUES = "values";

  static ArtifactHeader of(WeightsDigest parent, CompressionSettings settings) {
    return new ArtifactHeader(
        parent,
        settings.method(),
        settings.method().mask(),
        settings.keep(),
        settings.rescale(),
        settings.seed(),
        settings.values());
  }

  /** Draws the masks, if they are seeded. */
  MaskGenerator generator() {
    return new MaskGenerator(seed, keep);
  }

  Map<String, String> metadata() {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(FORMAT, FORMAT_NAME);
    metadata.put(VERSION, Integer.toString(FORMAT_VERSION));
    metadata.put(PARENT, parent.hex());
    metadata.put(METHOD, method.wireName());
    metadata.put(MASK, mask.wireName());
    metadata.put(KEEP, Long.toString(keep.k()));
    // Decimal forms of a double differ between Java releases, the hexadecimal one does not.
    metadata.put(RESCALE, Double.toHexString(rescale));
    metadata.put(SEED, HexFormat.of().toHexDigits(seed));
    metadata.put(VALUES, values.wireName());
    return metadata;
  }

  static ArtifactHeader parse(Path file, Map<String, String> metadata) throws BadInputException {
    if (!FORMAT_NAME.equals(metadata.get(FORMAT))) {
      throw BadInputException.of(file, "is no delta artifact: its metadata name no such format");
    }
    String version = metadata.getOrDefault(VERSION, "");
    if (!version.equals(Integer.toString(FORMAT_VERSION))) {
      throw BadInputException.of(
          file,
          "is an artifact of format version "
              + BadInputException.quote(version)
              + ", this program reads version "
              + FORMAT_VERSION
              + "; use a newer one");
    }
    return new ArtifactHeader(
        field(file, metadata, PARENT, text -> Optional.of(new WeightsDigest(text))),
        field(file, metadata, METHOD, Method::of),
        field(file, metadata, MASK, MaskKind::of),
        field(file, metadata, KEEP, text -> Optional.of(keep(text))),
        field(file, metadata, RESCALE, text -> Optional.of(rescale(text))),
        field(file, metadata, SEED, text -> Optional.of(seed(text))),
        field(file, metadata, VALUES, ValueCode::of));
  }

  static <T> T field(
      Path file, Map<String, String> metadata, String key, Function<String, Optional<T>> parser)
      throws BadInputException {
    String text = metadata.get(key);
    if (text == null) {
      throw BadInputException.of(file, "lacks the metadata field " + key);
    }
    Optional<T> value;
    try {
      value = parser.apply(text);
    } catch (IllegalArgumentException e) {
      value = Optional.empty();
    }
    if (value.isEmpty()) {
      throw BadInputException.of(
          file,
          "has the metadata field %s = %s, which is not valid"
              .formatted(key, BadInputException.quote(text)));
    }
    return value.get();
  }

  private static KeepProbability keep(String text) {
    if (!text.matches("0|[1-9][0-9]{0,9}")) {
      throw new IllegalArgumentException(text);
    }
    return new KeepProbability(Long.parseLong(text));
  }

  private static double rescale(String text) {
    if (!text.matches("0x[01]\\.[0-9a-f]{1,13}p(0|-?[1-9][0-9]{0,3})")) {
      throw new IllegalArgumentException(text);
    }
    double rescale = Double.parseDouble(text);
    CompressionSettings.requireRescale(rescale);
    return rescale;
  }

  private static long seed(String text) {
    if (!text.matches("[0-9a-f]{16}")) {
      throw new IllegalArgumentException(text);
    }
    return HexFormat.fromHexDigitsToLong(text);
  }
}
