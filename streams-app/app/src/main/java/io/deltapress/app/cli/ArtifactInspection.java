package io.deltapress.app.cli;

import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.ArtifactHeader;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.artifact.TensorEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code inspect} says of an artifact; its fields are those of the JSON document. The content
 * address costs reading the whole artifact, which is what makes sure that it is undamaged.
 */
record ArtifactInspection(
    String kind,
    String path,
    int formatVersion,
    String artifactDigest,
    String parentDigest,
    String method,
    double pruneRate,
    double rescale,
    long seed,
    String values,
    String mask,
    int shards,
    long artifactBytes,
    long touchedBytes,
    int prunedTensors,
    int wholeTensors,
    int removedTensors,
    long parameters,
    long keptValues,
    List<String> include,
    List<String> exclude,
    SortedMap<String, Double> tensorRescale,
    SortedMap<String, String> notes,
    @Nullable List<Tensor> tensors) {

  /** One tensor that the artifact touches. */
  record Tensor(
      String name,
      String treatment,
      String dtype,
      List<Long> shape,
      long keptValues,
      @Nullable Double rescale,
      @Nullable String parentSha256,
      @Nullable String resultSha256) {

    static Tensor of(TensorEntry entry, RescaleFactors rescale) {
      String name = entry.info().name();
      boolean pruned = entry.kind() == TensorEntry.Kind.PRUNED;
      return new Tensor(
          name,
          entry.kind().wireName(),
          entry.info().dtype().name(),
          entry.info().shape().dimensions(),
          entry.kept(),
          pruned ? rescale.factor(name) : null,
          entry.parentSha256(),
          entry.resultSha256());
    }
  }

  static ArtifactInspection of(Path path, boolean withTensors) throws IOException {
    try (DeltaArtifact artifact = DeltaArtifact.open(path)) {
      ArtifactHeader header = artifact.header();
      List<TensorEntry> entries = List.copyOf(artifact.tensors().values());
      return new ArtifactInspection(
          "artifact",
          path.toString(),
          ArtifactHeader.FORMAT_VERSION,
          artifact.check().hex(),
          header.parent().hex(),
          header.method().wireName(),
          header.keep().pruneRate(),
          header.rescale().common(),
          header.seed(),
          header.values().wireName(),
          header.mask().wireName(),
          artifact.files().size(),
          artifact.bytes(),
          entries.stream().mapToLong(entry -> entry.info().byteLength()).sum(),
          count(entries, TensorEntry.Kind.PRUNED),
          count(entries, TensorEntry.Kind.WHOLE),
          count(entries, TensorEntry.Kind.REMOVED),
          entries.stream().mapToLong(entry -> entry.info().elementCount()).sum(),
          entries.stream().mapToLong(TensorEntry::kept).sum(),
          header.include(),
          header.exclude(),
          header.rescale().perTensor(),
          header.notes(),
          withTensors ? tensors(entries, header.rescale()) : null);
    }
  }

  private static List<Tensor> tensors(List<TensorEntry> entries, RescaleFactors rescale) {
    return entries.stream().map(entry -> Tensor.of(entry, rescale)).toList();
  }

  private static int count(List<TensorEntry> entries, TensorEntry.Kind kind) {
    return (int) entries.stream().filter(entry -> entry.kind() == kind).count();
  }

  String text() {
    TextTable table =
        new TextTable()
            .row("artifact", path)
            .row("artifact digest", artifactDigest + " (undamaged)")
            .row("parent digest", parentDigest)
            .row(
                "method",
                "%s, p %s, q %s".formatted(method, Figures.number(pruneRate), rescaleText()))
            .row("values", values)
            .row("mask", mask + ", seed " + seed)
            .row("files", shards)
            .row(
                "tensors",
                "%d pruned, %d whole, %d removed"
                    .formatted(prunedTensors, wholeTensors, removedTensors))
            .row("kept", "%d of %d parameters".formatted(keptValues, parameters))
            .row(
                "size",
                "%s for %s of tensors (%s)"
                    .formatted(
                        Figures.bytes(artifactBytes),
                        Figures.bytes(touchedBytes),
                        Figures.ratio((double) touchedBytes / Math.max(1, artifactBytes))));
    addGlobs(table, "include", include);
    addGlobs(table, "exclude", exclude);
    notes.forEach(
        (key, note) ->
            table.row("note " + BadInputException.quote(key), BadInputException.quote(note)));
    return table.text() + tensorText();
  }

  private String rescaleText() {
    if (tensorRescale.isEmpty()) {
      return Figures.number(rescale);
    }
    return "%s (%s to %s in %d tensors)"
        .formatted(
            Figures.number(rescale),
            Figures.number(Collections.min(tensorRescale.values())),
            Figures.number(Collections.max(tensorRescale.values())),
            tensorRescale.size());
  }

  /** Globs come from whoever made the artifact, so they are quoted as notes are. */
  private static void addGlobs(TextTable table, String label, List<String> globs) {
    if (!globs.isEmpty()) {
      table.row(
          label, globs.stream().map(BadInputException::quote).collect(Collectors.joining(", ")));
    }
  }

  private String tensorText() {
    if (tensors == null) {
      return "";
    }
    TextTable table = new TextTable("tensor", "treatment", "dtype", "shape", "kept", "q");
    tensors.forEach(
        tensor ->
            table.row(
                tensor.name(),
                tensor.treatment(),
                tensor.dtype(),
                tensor.shape(),
                tensor.keptValues(),
                tensor.rescale() == null ? "" : Figures.number(tensor.rescale())));
    return System.lineSeparator() + table.text();
  }
}
