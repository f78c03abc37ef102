package io.deltapress.djl.reference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The models that ship with the project, as {@code reference.json} lists them. All paths are
 * relative to its directory; see {@link #resolve}.
 *
 * @param base what every tenant's model was fine-tuned from
 * @param tenants one fine-tune each
 */
public record ReferenceModels(Base base, List<Tenant> tenants) {

  /** The file's name. */
  public static final String NAME = "reference.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  /** Makes the list unmodifiable. */
  public ReferenceModels {
    tenants = List.copyOf(tenants);
  }

  /**
   * The common base.
   *
   * @param name the name to register it under
   * @param directory its Hugging Face directory
   * @param task what it must be able to answer: facts in phrasings it was not trained on
   * @param weightsDigest digest of its weights
   */
  public record Base(String name, String directory, String task, String weightsDigest) {}

  /**
   * A tenant's fine-tune.
   *
   * @param tenant the tenant's name
   * @param model the model's name
   * @param directory its Hugging Face directory
   * @param task tasks to report figures on
   * @param validation tasks to make choices on
   * @param weightsDigest digest of its weights
   * @param deltas the prune rates to submit, with the rescale factor chosen for each
   */
  public record Tenant(
      String tenant,
      String model,
      String directory,
      String task,
      String validation,
      String weightsDigest,
      List<Delta> deltas) {

    /** Makes the list unmodifiable. */
    public Tenant {
      deltas = List.copyOf(deltas);
    }
  }

  /**
   * How to prune a delta.
   *
   * @param pruneRate the prune rate p
   * @param rescale the factor q of DAREx-q, chosen on the validation tasks; DARE takes 1 - p
   */
  public record Delta(double pruneRate, double rescale) {}

  /**
   * Reads the list.
   *
   * @param directory holds {@code reference.json}
   * @return what it lists
   * @throws BadInputException when the file is missing or not what it should be
   * @throws IOException when it cannot be read
   */
  public static ReferenceModels read(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(file, "no such file; give the directory of the reference models");
    }
    try {
      return JSON.readValue(Files.readAllBytes(file), ReferenceModels.class);
    } catch (JsonProcessingException e) {
      throw BadInputException.of(file, "not a list of reference models: " + e.getOriginalMessage());
    }
  }

  /**
   * Finds a file or directory of the list.
   *
   * @param directory the one given to {@link #read}
   * @param path one of the list's paths
   * @return where it is
   */
  public static Path resolve(Path directory, String path) {
    return directory.resolve(path);
  }
}
