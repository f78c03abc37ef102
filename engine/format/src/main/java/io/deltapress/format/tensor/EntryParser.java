package io.deltapress.format.tensor;

import com.fasterxml.jackson.core.JsonToken;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the entry of one tensor in a header and checks what can be checked of it alone. */
final class EntryParser {
  /** Most keys that this version does not know. */
  private static final int MAX_OTHER_KEYS = 64;

  private enum Field {
    DTYPE,
    SHAPE,
    DATA_OFFSETS
  }

  private final Path path;
  private final StrictJson json;
  private final String name;
  private final Set<Field> seen = EnumSet.noneOf(Field.class);
  private final Set<String> seenOthers = new HashSet<>();
  private @Nullable DType dtype;
  private @Nullable Shape shape;
  private long[] offsets = {};

  EntryParser(Path path, StrictJson json, String name) {
    this.path = path;
    this.json = json;
    this.name = name;
  }

  Header.Entry parse() throws IOException {
    if (json.next() != JsonToken.START_OBJECT) {
      throw rule("its entry in the header is not a JSON object");
    }
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      parseField(key);
    }
    return entry();
  }

  private void parseField(String key) throws IOException {
    switch (key) {
      case "dtype" -> {
        requireFirst(seen.add(Field.DTYPE), key);
        dtype = dtype();
      }
      case "shape" -> {
        requireFirst(seen.add(Field.SHAPE), key);
        shape = shape();
      }
      case "data_offsets" -> {
        requireFirst(seen.add(Field.DATA_OFFSETS), key);
        offsets = sizes(key, 2);
      }
      default -> {
        // Later versions of the format may add fields; what is known keeps its meaning.
        requireFirst(seenOthers.add(key), key);
        requireFew();
        json.skipValue();
      }
    }
  }

  private void requireFirst(boolean first, String key) throws BadInputException {
    if (!first) {
      throw rule("its entry has the key " + BadInputException.quote(key) + " twice");
    }
  }

  private void requireFew() throws BadInputException {
    if (seenOthers.size() > MAX_OTHER_KEYS) {
      throw rule("its entry has more than " + MAX_OTHER_KEYS + " unknown keys");
    }
  }

  private DType dtype() throws IOException {
    if (json.next() != JsonToken.VALUE_STRING) {
      throw rule("dtype is not a string");
    }
    String text = json.text();
    return DType.of(text)
        .orElseThrow(
            () -> rule("dtype " + BadInputException.quote(text) + " is none of safetensors"));
  }

  private Shape shape() throws IOException {
    try {
      return Shape.of(sizes("shape", Shape.MAX_RANK));
    } catch (IllegalArgumentException e) {
      throw rule(e);
    }
  }

  /** An array of non-negative integers up to 2^48 - 1. */
  private long[] sizes(String key, int most) throws IOException {
    if (json.next() != JsonToken.START_ARRAY) {
      throw rule(key + " is not an array");
    }
    long[] sizes = new long[most];
    int count = 0;
    while (json.next() != JsonToken.END_ARRAY) {
      if (count == most) {
        throw rule(key + " has more than " + most + " numbers");
      }
      sizes[count++] = size(key);
    }
    return Arrays.copyOf(sizes, count);
  }

  private long size(String key) throws IOException {
    if (!json.isLong() || json.longValue() < 0 || json.longValue() > Shape.MAX_SIZE) {
      String text = BadInputException.quote(json.text());
      throw rule(key + " holds " + text + ", which is no integer from 0 to 2^48 - 1");
    }
    return json.longValue();
  }

  private Header.Entry entry() throws BadInputException {
    if (dtype == null || shape == null || seen.size() < Field.values().length) {
      throw rule("its entry lacks " + missing());
    }
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw rule("data_offsets " + Arrays.toString(offsets) + " are no begin and end");
    }
    try {
      return checked(new TensorInfo(name, dtype, shape));
    } catch (IllegalArgumentException e) {
      throw rule(e);
    }
  }

  private String missing() {
    Field missing = EnumSet.complementOf(EnumSet.copyOf(seen)).iterator().next();
    return missing.name().toLowerCase(Locale.ROOT);
  }

  private Header.Entry checked(TensorInfo info) throws BadInputException {
    long length = offsets[1] - offsets[0];
    if (length != info.byteLength()) {
      throw rule(
          "data_offsets %s span %d bytes, but shape %s of %s needs %d"
              .formatted(
                  Arrays.toString(offsets), length, info.shape(), info.dtype(), info.byteLength()));
    }
    return new Header.Entry(info, offsets[0], offsets[1]);
  }

  private BadInputException rule(String rule) {
    return BadInputException.of(path, name, rule);
  }

  private BadInputException rule(IllegalArgumentException e) {
    return rule(String.valueOf(e.getMessage()));
  }
}
