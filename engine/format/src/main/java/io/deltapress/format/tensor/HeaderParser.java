package io.deltapress.format.tensor;

import com.fasterxml.jackson.core.JsonToken;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the JSON of a header, one token at a time, each tensor checked when it is read. */
final class HeaderParser {
  /** Keys of an entry that this version does not know. */
  private static final int MAX_OTHER_KEYS = 64;

  private final Path path;
  private final StrictJson json;
  private final HeaderBudget budget;
  private final Set<String> names = new HashSet<>();
  private final List<Header.Entry> entries = new ArrayList<>();
  private @Nullable Map<String, String> metadata;

  HeaderParser(Path path, StrictJson json, HeaderBudget budget) {
    this.path = path;
    this.json = json;
    this.budget = budget;
  }

  List<Header.Entry> entries() {
    return entries;
  }

  Map<String, String> metadata() {
    return metadata == null ? Map.of() : metadata;
  }

  void parse() throws IOException {
    json.expect(JsonToken.START_OBJECT, "header is not a JSON object");
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      if (key.equals(TensorNames.METADATA_KEY)) {
        parseMetadata();
      } else {
        parseTensor(key);
      }
    }
    json.expectEnd();
  }

  private void parseMetadata() throws IOException {
    if (metadata != null) {
      throw json.bad("header has __metadata__ twice");
    }
    metadata = new HashMap<>();
    json.expect(JsonToken.START_OBJECT, "__metadata__ is not a JSON object");
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      budget.spendMetadataEntry(path);
      String quoted = BadInputException.quote(key);
      json.expect(
          JsonToken.VALUE_STRING, "__metadata__ " + quoted + " is not a string, as all must be");
      if (metadata.put(key, json.text()) != null) {
        throw json.bad("__metadata__ has the key " + quoted + " twice");
      }
    }
  }

  private void parseTensor(String name) throws IOException {
    budget.spendTensor(path);
    var brokenRule = TensorNames.brokenRule(name);
    if (brokenRule.isPresent()) {
      throw bad(name, brokenRule.get());
    }
    if (!names.add(name)) {
      throw bad(name, "the header has it twice");
    }
    entries.add(new Fields(name).parse());
  }

  private BadInputException bad(String tensor, String rule) {
    return BadInputException.of(path, tensor, rule);
  }

  private enum Field {
    DTYPE,
    SHAPE,
    DATA_OFFSETS
  }

  /** The fields of one tensor as they arrive. */
  private final class Fields {
    private final String name;
    private final Set<Field> seen = EnumSet.noneOf(Field.class);
    private final Set<String> seenOthers = new HashSet<>();
    private @Nullable DType dtype;
    private @Nullable Shape shape;
    private long[] offsets = {};

    Fields(String name) {
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
                    Arrays.toString(offsets),
                    length,
                    info.shape(),
                    info.dtype(),
                    info.byteLength()));
      }
      return new Header.Entry(info, offsets[0], offsets[1]);
    }

    private BadInputException rule(String rule) {
      return bad(name, rule);
    }

    private BadInputException rule(IllegalArgumentException e) {
      return bad(name, String.valueOf(e.getMessage()));
    }
  }
}
