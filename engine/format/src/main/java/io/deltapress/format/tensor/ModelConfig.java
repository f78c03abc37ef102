package io.deltapress.format.tensor;

import com.fasterxml.jackson.core.JsonToken;
import io.deltapress.format.BadInputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code config.json} beside the weights of a Hugging Face directory says of the model,
 * apart from its sizes. The file may come from a stranger: its length and depth are bounded.
 */
public final class ModelConfig {
  private static final String FILE = "config.json";
  private static final String MODEL_TYPE = "model_type";
  private static final int MAX_BYTES = 16 << 20;

  private ModelConfig() {}

  /**
   * The {@code model_type} of a checkpoint, such as {@code llama}.
   *
   * @return empty if the checkpoint was not opened from a directory, or has no {@code config.json},
   *     or that names no type
   * @throws BadInputException if the file is no JSON object or names a type that is no string
   */
  public static Optional<String> modelType(Checkpoint checkpoint) throws IOException {
    Path directory = checkpoint.description();
    Path file = directory.resolve(FILE);
    if (!Files.isDirectory(directory) || !Files.exists(file)) {
      return Optional.empty();
    }
    Enclosure.of(directory).require(file);
    FileStamp stamp = FileStamp.of(file);
    if (stamp.size() > MAX_BYTES) {
      throw BadInputException.of(file, "exceeds the limit of " + MAX_BYTES + " bytes");
    }
    try (var bytes = new BoundedStream(Files.newInputStream(stamp.path()), stamp.size());
        StrictJson json = new StrictJson(file, "configuration", new BufferedInputStream(bytes))) {
      return Optional.ofNullable(modelType(json));
    } catch (EOFException e) {
      throw FileStamp.changed(file, e);
    } catch (FileSystemException e) {
      throw FileStamp.unreadable(file, e);
    }
  }

  private static @Nullable String modelType(StrictJson json) throws IOException {
    String type = null;
    json.expect(JsonToken.START_OBJECT, "configuration is not a JSON object");
    for (String key = json.nextKey(); key != null; key = json.nextKey()) {
      if (!key.equals(MODEL_TYPE)) {
        json.skipValue();
        continue;
      }
      if (type != null) {
        throw json.bad("configuration has " + MODEL_TYPE + " twice");
      }
      json.expect(JsonToken.VALUE_STRING, "configuration has a " + MODEL_TYPE + " that is no text");
      type = json.text();
    }
    json.expectEnd();
    return type;
  }
}
