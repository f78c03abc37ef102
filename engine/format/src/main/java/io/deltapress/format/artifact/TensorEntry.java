package io.deltapress.format.artifact;

import io.deltapress.format.tensor.DType;
import io.deltapress.format.tensor.Shape;
import io.deltapress.format.tensor.TensorInfo;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an artifact says of one tensor. Checksums are lower-case hexadecimal SHA-256 of the bytes.
 *
 * @param kind what is done to it
 * @param info the tensor in the result; in the parent if it is removed
 * @param kept how many values are kept; 0 unless it is pruned
 * @param parentSha256 checksum in the parent, null if the parent has no such tensor
 * @param resultSha256 checksum in the result, null if it is removed
 */
public record TensorEntry(
    Kind kind,
    TensorInfo info,
    long kept,
    @Nullable String parentSha256,
    @Nullable String resultSha256) {

  private static final Pattern LINE =
      Pattern.compile(
          "([a-z]+) ([A-Z0-9_]+) (\\[[0-9,]*]) (0|[1-9][0-9]{0,17}) ([0-9a-f]{64}|-)"
              + " ([0-9a-f]{64}|-)");
  private static final String NONE = "-";

  /** What an artifact does to a tensor. */
  public enum Kind implements WireName {
    /** Some values are changed. */
    PRUNED("pruned"),
    /** The tensor is replaced or added. */
    WHOLE("whole"),
    /** The tensor is taken away; only files that undo an artifact do that. */
    REMOVED("removed");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }
  }

  /** The entry of an artifact that takes this one back. */
  TensorEntry reversed() {
    return new TensorEntry(kind, info, kept, resultSha256, parentSha256);
  }

  /** The value of the entry in the metadata of the file. */
  String line() {
    return String.join(
        " ",
        kind.wireName(),
        info.dtype().name(),
        info.shape().canonicalForm(),
        Long.toString(kept),
        parentSha256 == null ? NONE : parentSha256,
        resultSha256 == null ? NONE : resultSha256);
  }

  /** Reads what {@link #line} wrote; empty if it breaks a rule. */
  static Optional<TensorEntry> parse(String name, String line) {
    Matcher fields = LINE.matcher(line);
    if (!fields.matches()) {
      return Optional.empty();
    }
    Optional<Kind> kind = WireName.find(Kind.class, fields.group(1));
    Optional<DType> dtype = DType.of(fields.group(2));
    if (kind.isEmpty() || dtype.isEmpty()) {
      return Optional.empty();
    }
    try {
      TensorInfo info = new TensorInfo(name, dtype.get(), Shape.parse(fields.group(3)));
      TensorEntry entry =
          new TensorEntry(
              kind.get(),
              info,
              Long.parseLong(fields.group(4)),
              sha256(fields.group(5)),
              sha256(fields.group(6)));
      return entry.isConsistent() ? Optional.of(entry) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String sha256(String field) {
    return field.equals(NONE) ? null : field;
  }

  private boolean isConsistent() {
    return switch (kind) {
      case PRUNED ->
          parentSha256 != null
              && resultSha256 != null
              && info.dtype().isFloat()
              && kept <= info.elementCount();
      case WHOLE -> resultSha256 != null && kept == 0;
      case REMOVED -> parentSha256 != null && resultSha256 == null && kept == 0;
    };
  }
}
