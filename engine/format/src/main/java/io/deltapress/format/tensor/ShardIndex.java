package io.deltapress.format.tensor;

import com.fasterxml.jackson.core.JsonToken;
import io.deltapress.format.BadInputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads {@code *.safetensors.index.json}: which shard holds which tensor. */
final class ShardIndex {
  private static final int MAX_KEYS = 64;
  private static final int MAX_FILE_NAME_CHARACTERS = 255;

  private final Path path;
  private final Map<String, String> shardOf = new HashMap<>();
  private final SortedMap<String, String> shards = new TreeMap<>();

  private ShardIndex(Path path) {
    this.path = path;
  }

  static ShardIndex read(Path path) throws IOException {
    FileStamp stamp = FileStamp.of(path);
    if (stamp.size() > Header.MAX_HEADER_BYTES) {
      throw BadInputException.of(
          path,
          "index of "
              + stamp.size()
              + " bytes exceeds the limit of "
              + Header.MAX_HEADER_BYTES
              + "; this is no index of safetensors shards");
    }
    ShardIndex index = new ShardIndex(path);
    try (var bytes = new BoundedStream(Files.newInputStream(stamp.path()), stamp.size());
        StrictJson json = new StrictJson(path, "index", new BufferedInputStream(bytes))) {
      index.parse(json);
    } catch (EOFException e) {
      throw FileStamp.changed(path, e);
    } catch (FileSystemException e) {
      throw FileStamp.unreadable(path, e);
    }
    return index;
  }

  /** Tensor to file name of its shard; names are safe to resolve against the directory. */
  Map<String, String> shardOf() {
    return shardOf;
  }

  /** File names of the shards, sorted. */
  Set<String> shards() {
    return shards.keySet();
  }

  private void parse(StrictJson json) throws IOException {
    Set<String> keys = new HashSet<>();
    json.expect(JsonToken.START_OBJECT, "index is not a JSON object");
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      if (keys.size() == MAX_KEYS) {
        throw json.bad("index has more than " + MAX_KEYS + " keys; this is no index of shards");
      }
      if (!keys.add(key)) {
        throw json.bad("index has the key " + BadInputException.quote(key) + " twice");
      }
      if (key.equals("weight_map")) {
        parseWeightMap(json);
      } else {
        json.skipValue();
      }
    }
    json.expectEnd();
    if (!keys.contains("weight_map")) {
      throw json.bad("index lacks weight_map; this is no index of safetensors shards");
    }
  }

  private void parseWeightMap(StrictJson json) throws IOException {
    HeaderBudget budget = HeaderBudget.standard();
    json.expect(JsonToken.START_OBJECT, "weight_map is not a JSON object");
    for (String tensor = json.nextKey(); tensor != null; tensor = json.nextKey()) {
      budget.spendTensor(path);
      if (json.next() != JsonToken.VALUE_STRING) {
        throw BadInputException.of(path, tensor, "weight_map does not give it a file name");
      }
      if (shardOf.put(tensor, shard(tensor, json.text())) != null) {
        throw BadInputException.of(path, tensor, "weight_map has it twice");
      }
    }
  }

  /** The one instance of a file name, so that half a million tensors share a few strings. */
  private String shard(String tensor, String fileName) throws BadInputException {
    String known = shards.get(fileName);
    if (known != null) {
      return known;
    }
    if (!isPlainFileName(fileName)) {
      throw BadInputException.of(
          path,
          tensor,
          "weight_map names the shard "
              + BadInputException.quote(fileName)
              + ", which is no plain name of a .safetensors file in the directory");
    }
    if (shards.size() == Checkpoints.MAX_FILES) {
      throw BadInputException.of(
          path, "weight_map names more than " + Checkpoints.MAX_FILES + " shards");
    }
    shards.put(fileName, fileName);
    return fileName;
  }

  private static boolean isPlainFileName(String name) {
    return name.length() <= MAX_FILE_NAME_CHARACTERS
        && name.endsWith(Checkpoints.FILE_SUFFIX)
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':')
        && TensorNames.brokenRule(name).isEmpty();
  }
}
