package io.deltapress.schemas.evolution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;

/**
 * Every schema that was ever released, oldest first: {@code <record>/v1.avsc}, {@code v2.avsc} and
 * so on.
 */
final class Museum {
  private final Path directory;

  Museum(Path directory) {
    this.directory = directory;
  }

  List<Schema> pieces(String record) {
    List<Schema> pieces = new ArrayList<>();
    for (int version = 1; Files.exists(piece(record, version)); version++) {
      pieces.add(parsed(piece(record, version)));
    }
    return pieces;
  }

  /** Adds a piece and returns where it lies. */
  Path add(Schema schema) {
    Path piece = piece(schema.getName(), pieces(schema.getName()).size() + 1);
    try {
      Files.createDirectories(piece.getParent());
      return Files.writeString(piece, schema.toString(true) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path piece(String record, int version) {
    return directory.resolve(record).resolve("v" + version + ".avsc");
  }

  private static Schema parsed(Path piece) {
    try {
      return new SchemaParser().parse(piece).mainSchema();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
