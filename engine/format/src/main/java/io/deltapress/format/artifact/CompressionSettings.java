package io.deltapress.format.artifact;

import io.deltapress.format.mask.KeepProbability;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How to make an artifact; {@link #builder} has defaults for everything but method and prune rate.
 *
 * @param method how to prune
 * @param pruneRate the prune rate p, from 0 to 1
 * @param rescale the factors q by which kept deltas are divided
 * @param seed of the masks; without effect if they are stored
 * @param values how kept values are written
 * @param include globs of the tensors to prune; none mean all. {@code *} stands for any characters,
 *     {@code ?} for one. Where neither these nor {@code exclude} are given, {@link TensorScope}
 *     decides
 * @param exclude globs of tensors not to prune, even if included. What is not pruned is carried
 *     whole if it differs
 * @param inputNorms norms of the inputs of linear layers, without effect but for {@link
 *     Method#WANDA}; not recorded
 * @param notes what people should know of the artifact, by a short key; nothing depends on it
 */
public record CompressionSettings(
    Method method,
    double pruneRate,
    RescaleFactors rescale,
    long seed,
    ValueCode values,
    List<String> include,
    List<String> exclude,
    InputNorms inputNorms,
    SortedMap<String, String> notes) {

  /**
   * @throws IllegalArgumentException if a number is out of range, or a note is too long or its key
   *     is not 1 to 63 of {@code a-z 0-9 . _ -}
   */
  public CompressionSettings {
    KeepProbability.ofPruneRate(pruneRate);
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    notes = Notes.checked(notes);
  }

  /**
   * Begins settings: exact values, seed 0, every tensor, and the factor that the method takes if
   * none is given.
   *
   * @param pruneRate the prune rate p, from 0 to 1
   * @throws IllegalArgumentException if p is out of range
   */
  public static Builder builder(Method method, double pruneRate) {
    return new Builder(method, pruneRate);
  }

  /** Begins settings that are like these but for what is set anew. */
  public Builder toBuilder() {
    return new Builder(method, pruneRate)
        .rescale(rescale)
        .seed(seed)
        .values(values)
        .include(include)
        .exclude(exclude)
        .inputNorms(inputNorms)
        .notes(notes);
  }

  /**
   * The factor q that a method takes if none is given: 1 - p for DARE (1 where nothing is kept), 1
   * for magnitude pruning and WANDA; DAREx-q and structural pruning have none.
   */
  public static OptionalDouble defaultRescale(Method method, double pruneRate) {
    return switch (method) {
      case DARE -> OptionalDouble.of(pruneRate == 1 ? 1 : 1 - pruneRate);
      case DAREX_Q, STRUCTURAL -> OptionalDouble.empty();
      case MAGNITUDE, WANDA -> OptionalDouble.of(1);
    };
  }

  /** The probability with which a position is kept. */
  public KeepProbability keep() {
    return KeepProbability.ofPruneRate(pruneRate);
  }

  /** Gathers settings. Not safe for use by several threads. */
  public static final class Builder {
    private final Method method;
    private final double pruneRate;
    private @Nullable RescaleFactors rescale;
    private long seed;
    private ValueCode values = ValueCode.EXACT;
    private List<String> include = List.of();
    private List<String> exclude = List.of();
    private InputNorms inputNorms = InputNorms.none();
    private final SortedMap<String, String> notes = new TreeMap<>();

    private Builder(Method method, double pruneRate) {
      KeepProbability.ofPruneRate(pruneRate);
      this.method = method;
      this.pruneRate = pruneRate;
    }

    /** Divides kept deltas of every tensor by q. */
    public Builder rescale(double common) {
      return rescale(RescaleFactors.of(common));
    }

    /** Divides kept deltas by the factors of their tensors. */
    public Builder rescale(RescaleFactors factors) {
      rescale = factors;
      return this;
    }

    /** The seed of drawn masks. */
    public Builder seed(long newSeed) {
      seed = newSeed;
      return this;
    }

    /** How kept values are written. */
    public Builder values(ValueCode code) {
      values = code;
      return this;
    }

    /** Globs of the tensors to prune; none mean all. */
    public Builder include(List<String> globs) {
      include = globs;
      return this;
    }

    /** Globs of tensors not to prune, even if included. */
    public Builder exclude(List<String> globs) {
      exclude = globs;
      return this;
    }

    /** Norms of the inputs of linear layers, for {@link Method#WANDA}. */
    public Builder inputNorms(InputNorms norms) {
      inputNorms = norms;
      return this;
    }

    /** Tells people something of the artifact, in place of an earlier note under that key. */
    public Builder note(String key, String text) {
      notes.put(key, text);
      return this;
    }

    /** Adds all these notes. */
    public Builder notes(Map<String, String> more) {
      notes.putAll(more);
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException if anything is out of range, or the method has no factor of
     *     its own and none was given
     */
    public CompressionSettings build() {
      return new CompressionSettings(
          method, pruneRate, factors(), seed, values, include, exclude, inputNorms, notes);
    }

    private RescaleFactors factors() {
      if (rescale != null) {
        return rescale;
      }
      return RescaleFactors.of(
          defaultRescale(method, pruneRate)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "method " + method.wireName() + " needs a rescale factor")));
    }
  }
}
