package io.deltapress.format.tensor;

import com.fasterxml.jackson.core.JsonToken;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the JSON of a header, one token at a time, each tensor checked when it is read. */
final class HeaderParser {
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
    entries.add(new EntryParser(path, json, name).parse());
  }

  private BadInputException bad(String tensor, String rule) {
    return BadInputException.of(path, tensor, rule);
  }
}
