package io.deltapress.app.cli;

import io.deltapress.format.BadInputException;
import io.deltapress.format.delta.LinearInput.Orientation;
import io.deltapress.format.edit.EditArtifact;
import io.deltapress.format.edit.EditedWeight;
import io.deltapress.format.edit.LowRankShift;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** What {@code inspect} says of an edit artifact; its fields are those of the JSON document. */
record EditInspection(
    String kind,
    String path,
    int formatVersion,
    String artifactDigest,
    String parentDigest,
    String edit,
    String method,
    long artifactBytes,
    double norm,
    SortedMap<String, String> notes,
    List<Weight> weights) {

  /** One weight that the edit shifts. */
  record Weight(
      String name,
      String dtype,
      List<Long> shape,
      String layout,
      int rank,
      double norm,
      String parentSha256) {

    static Weight of(EditedWeight weight, LowRankShift shift) {
      return new Weight(
          weight.name(),
          weight.foundation().info().dtype().name(),
          weight.foundation().info().shape().dimensions(),
          weight.orientation() == Orientation.OUTPUT_INPUT ? "out-in" : "in-out",
          shift.rank(),
          shift.norm(),
          weight.foundation().sha256());
    }
  }

  static EditInspection of(Path path) throws IOException {
    try (EditArtifact artifact = EditArtifact.open(path)) {
      List<Weight> weights = new ArrayList<>();
      double squared = 0;
      for (EditedWeight edited : artifact.weights().values()) {
        Weight weight = Weight.of(edited, artifact.shift(edited.name()));
        weights.add(weight);
        squared += weight.norm() * weight.norm();
      }
      return new EditInspection(
          "edit",
          path.toString(),
          EditArtifact.FORMAT_VERSION,
          artifact.sha256(),
          artifact.parent().hex(),
          artifact.editId(),
          artifact.method(),
          artifact.bytes(),
          Math.sqrt(squared),
          artifact.identity().notes(),
          weights);
    }
  }

  String text() {
    TextTable table =
        new TextTable()
            .row("edit", edit)
            .row("artifact", path)
            .row("artifact digest", artifactDigest + " (undamaged)")
            .row("foundation digest", parentDigest)
            .row("method", method)
            .row("norm", Figures.number(norm))
            .row("size", Figures.bytes(artifactBytes));
    notes.forEach(
        (key, note) ->
            table.row("note " + BadInputException.quote(key), BadInputException.quote(note)));
    if (weights.isEmpty()) {
      return table.row("weights", "none: what it asks for is true already").text();
    }
    TextTable shifts = new TextTable("weight", "dtype", "shape", "layout", "rank", "norm");
    weights.forEach(
        weight ->
            shifts.row(
                Printable.of(weight.name()),
                weight.dtype(),
                weight.shape(),
                weight.layout(),
                weight.rank(),
                Figures.number(weight.norm())));
    return table.text() + System.lineSeparator() + shifts.text();
  }
}
