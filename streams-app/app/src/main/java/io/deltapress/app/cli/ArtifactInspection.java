package io.deltapress.app.cli;

import io.deltapress.format.artifact.ArtifactHeader;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.TensorEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    @Nullable List<Tensor> tensors) {

  /** One tensor that the artifact touches. */
  record Tensor(
      String name,
      String treatment,
      String dtype,
      List<Long> shape,
      long keptValues,
      @Nullable String parentSha256,
      @Nullable String resultSha256) {

    static Tensor of(TensorEntry entry) {
      return new Tensor(
          entry.info().name(),
          entry.kind().wireName(),
          entry.info().dtype().name(),
          entry.info().shape().dimensions(),
          entry.kept(),
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
          header.rescale(),
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
          withTensors ? entries.stream().map(Tensor::of).toList() : null);
    }
  }

  private static int count(List<TensorEntry> entries, TensorEntry.Kind kind) {
    return (int) entries.stream().filter(entry -> entry.kind() == kind).count();
  }

  String text() {
    return new TextTable()
            .row("artifact", path)
            .row("artifact digest", artifactDigest + " (undamaged)")
            .row("parent digest", parentDigest)
            .row(
                "method",
                "%s, p %s, q %s"
                    .formatted(method, Figures.number(pruneRate), Figures.number(rescale)))
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
                        Figures.ratio((double) touchedBytes / Math.max(1, artifactBytes))))
            .text()
        + tensorText();
  }

  private String tensorText() {
    if (tensors == null) {
      return "";
    }
    TextTable table = new TextTable("tensor", "treatment", "dtype", "shape", "kept");
    tensors.forEach(
        tensor ->
            table.row(
                tensor.name(),
                tensor.treatment(),
                tensor.dtype(),
                tensor.shape(),
                tensor.keptValues()));
    return System.lineSeparator() + table.text();
  }
}
