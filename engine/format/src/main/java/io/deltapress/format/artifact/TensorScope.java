package io.deltapress.format.artifact;

import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.ModelConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Which tensors are pruned where nobody says so: what the experiments of DAREx prune, by family of
 * model. Of decoders only the attention and feed-forward blocks; of encoders everything but the
 * classification head. A plain file, and a model of another family, is pruned altogether.
 *
 * @param include globs of the tensors to prune; none mean all
 * @param exclude globs of tensors not to prune, even if included
 */
public record TensorScope(List<String> include, List<String> exclude) {
  private static final TensorScope DECODER =
      new TensorScope(List.of("*mlp*", "*self_attn*"), List.of());
  private static final TensorScope GPT2 =
      new TensorScope(List.of("*.mlp.*", "*.attn.*"), List.of());
  private static final TensorScope ENCODER = new TensorScope(List.of(), List.of("*classifier*"));

  /** Makes both lists unmodifiable. */
  public TensorScope {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }

  /**
   * The scope of a family.
   *
   * @param modelType as {@code config.json} names it
   * @return empty for a family that is not known
   */
  public static Optional<TensorScope> ofModelType(String modelType) {
    return switch (modelType) {
      case "llama", "mistral", "qwen2" -> Optional.of(DECODER);
      case "gpt2" -> Optional.of(GPT2);
      case "bert", "roberta" -> Optional.of(ENCODER);
      default -> Optional.empty();
    };
  }

  /**
   * The scope that holds for a fine-tune: of the given globs if there are any, else of its family.
   *
   * @param include globs of the tensors to prune
   * @param exclude globs of tensors not to prune
   * @param fineTuned looked at for a {@code config.json}
   * @throws io.deltapress.format.BadInputException if there is one that cannot be read
   */
  public static TensorScope of(List<String> include, List<String> exclude, Checkpoint fineTuned)
      throws IOException {
    TensorScope given = new TensorScope(include, exclude);
    if (!include.isEmpty() || !exclude.isEmpty()) {
      return given;
    }
    return ModelConfig.modelType(fineTuned).flatMap(TensorScope::ofModelType).orElse(given);
  }

  /** Whether a tensor of that name is pruned, if it can be. */
  public boolean prunes(String tensor) {
    return new NameFilter(include, exclude).accepts(tensor);
  }

  /**
   * Settings with the globs that hold for a fine-tune: their own if they have any, else those of
   * its family. Doing it again changes nothing. Whatever compresses or plans does this by itself,
   * so it is for who wants to know beforehand; the artifact records what held.
   *
   * @param fineTuned looked at for a {@code config.json}
   * @throws io.deltapress.format.BadInputException if there is one that cannot be read
   */
  public static CompressionSettings resolve(CompressionSettings settings, Checkpoint fineTuned)
      throws IOException {
    TensorScope scope = of(settings.include(), settings.exclude(), fineTuned);
    return settings.toBuilder().include(scope.include).exclude(scope.exclude).build();
  }
}
