package io.deltapress.format.lora;

import io.deltapress.format.BadInputException;
import io.deltapress.format.IntegrityException;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.ApplySummary;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.Notes;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Destination;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Artifacts of an adapter's own factors. Such an artifact has the adapter of zeros as its parent
 * and a pruned adapter as its result, so a LoRA stays a LoRA.
 *
 * <p>The factors of a layer have masks of their own, so the product of what is kept of A and B is B
 * · A on average where both are divided by 1 - p. Its deviation is larger than that of the merged
 * delta: an entry of the product loses whole ranks at a time.
 */
public final class FactorArtifact {
  private FactorArtifact() {}

  /**
   * The parent of the artifact: what it is a delta to.
   *
   * @throws BadInputException if the adapter is larger than 16 GiB
   */
  public static Checkpoint parent(LoraAdapter adapter) throws BadInputException {
    long bytes =
        adapter.weights().tensors().values().stream().mapToLong(info -> info.byteLength()).sum();
    if (bytes > AdapterNotes.MAX_ADAPTER_BYTES) {
      throw BadInputException.of(adapter.path(), "has more than 16 GiB of factors");
    }
    return new ZeroCheckpoint(adapter.path(), adapter.weights().tensors());
  }

  /**
   * Settings whose artifact says which adapter it makes. Unless they have globs of their own, only
   * factors are pruned: what the adapter carries whole, such as a head, is no delta of low rank.
   *
   * @param base of the adapter
   * @throws BadInputException if the adapter has too many tensors to be described in a note
   */
  public static CompressionSettings settings(
      CompressionSettings settings, LoraAdapter adapter, WeightsDigest base) throws IOException {
    String tensors = AdapterNotes.write(adapter.weights().tensors().values());
    if (tensors.length() > Notes.MAX_CHARACTERS) {
      throw BadInputException.of(
          adapter.path(), "has too many tensors for an artifact of its factors; prune it merged");
    }
    CompressionSettings.Builder builder = settings.toBuilder();
    builder.note(AdapterNotes.CONFIG, adapter.configText());
    builder.note(AdapterNotes.TENSORS, tensors);
    builder.note(AdapterNotes.BASE, base.hex());
    if (settings.include().isEmpty() && settings.exclude().isEmpty()) {
      builder.exclude(List.copyOf(adapter.whole().values()));
    }
    return builder.build();
  }

  /** Whether an artifact is one of factors. */
  public static boolean isOne(DeltaArtifact artifact) {
    return artifact.header().notes().containsKey(AdapterNotes.CONFIG);
  }

  /**
   * The parent of an artifact of factors.
   *
   * @throws BadInputException if it is another artifact, or damaged
   */
  public static Checkpoint parent(DeltaArtifact artifact) throws IOException {
    Map<String, String> notes = artifact.header().notes();
    if (!isOne(artifact)) {
      throw BadInputException.of(
          artifact.path(),
          "is the delta of whole weights, which no adapter of low rank can express; export it as"
              + " overwrite-patch or checkpoint, or compress an adapter with --lora factors");
    }
    return new ZeroCheckpoint(artifact.path(), AdapterNotes.parse(artifact.path(), notes));
  }

  /**
   * Checks that an artifact is one of whole weights, which can be applied to a base.
   *
   * @throws BadInputException if it is one of factors
   */
  public static void requireNone(DeltaArtifact artifact) throws BadInputException {
    if (isOne(artifact)) {
      throw BadInputException.of(
          artifact.path(),
          "holds the factors of an adapter, not weights; export it as peft-lora instead");
    }
  }

  /**
   * Checks that an artifact of factors belongs to a base.
   *
   * @param base the checkpoint, for messages
   * @param digest of it
   * @throws IntegrityException if another base was adapted
   */
  public static void requireBase(DeltaArtifact artifact, Path base, WeightsDigest digest)
      throws IntegrityException {
    String adapted = artifact.header().notes().getOrDefault(AdapterNotes.BASE, "");
    if (!adapted.equals(digest.hex())) {
      throw new IntegrityException(
          base
              + ": is not the base of the adapter, which has the weights digest "
              + BadInputException.quote(adapted)
              + "; use the checkpoint that was adapted");
    }
  }

  /**
   * Writes the adapter that an artifact of factors makes, as PEFT reads it.
   *
   * @param directory absent or empty
   * @param progress told of bytes of the adapter
   * @throws BadInputException if the artifact is none of factors, or breaks a rule
   * @throws IntegrityException if it is damaged; nothing is left behind
   */
  public static ApplySummary export(
      DeltaArtifact artifact, DigestCache cache, Path directory, ProgressListener progress)
      throws IOException {
    try (Checkpoint zeros = parent(artifact);
        Destination destination = Destination.directory(directory)) {
      String config = artifact.header().notes().getOrDefault(AdapterNotes.CONFIG, "");
      LoraConfigFile.parse(artifact.path(), config);
      LoraAdapterWriter.writeConfig(destination, config);
      Path weights = destination.resolve(LoraAdapter.WEIGHTS);
      ApplySummary summary = new DeltaApplier(cache).apply(zeros, artifact, weights, progress);
      destination.commit();
      return summary;
    }
  }
}
