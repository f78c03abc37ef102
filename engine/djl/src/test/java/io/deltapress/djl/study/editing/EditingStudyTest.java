package io.deltapress.djl.study.editing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.study.StudyListener;
import io.deltapress.djl.study.TinyReference;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoArraysLeft.class)
class EditingStudyTest {

  private static final EditingPlan PLAN =
      new EditingPlan(
          List.of(EditingMethod.ULTRAEDIT, EditingMethod.WHITENED, EditingMethod.WHITENED_REFITTED),
          List.of(1, 2),
          List.of(1, 3),
          List.of(1L),
          4,
          10,
          5);

  @TempDir private static Path reference;
  @TempDir private static Path out;
  private static EditingStudy.Measured measured;

  @TempDir private Path directory;

  @BeforeAll
  static void runOnce() throws IOException {
    TinyReference.make(reference);
    measured = EditingStudy.run(out, reference, PLAN, StudyListener.none());
  }

  @Test
  void shouldMeasureEveryMethodInEveryBatchAtEveryCount() {
    // Then
    assertThat(measured.rows())
        .extracting(row -> row.key().method() + " " + row.key().batch())
        .containsExactly(
            "ULTRAEDIT 1", "ULTRAEDIT 2", "WHITENED 1", "WHITENED 2", "WHITENED_REFITTED 0");
    assertThat(measured.rows())
        .allSatisfy(
            row -> {
              assertThat(row.points()).extracting(EditingRow.Point::edits).containsExactly(1, 3);
              assertThat(row.points().get(1).bytes()).isPositive();
              assertThat(row.points()).allMatch(point -> point.textLoss() > 0);
              assertThat(row.stopped()).isEmpty();
            });
    assertThat(measured.baseTextLoss()).isPositive();
    assertThat(measured.reused()).isZero();
  }

  @Test
  void shouldGoOnWhereItStopped() throws IOException {
    // Given: the last row was cut off
    Path rows = out.resolve("rows.jsonl");
    Path again = Files.createDirectory(directory.resolve("again"));
    String text = Files.readString(rows);
    Files.writeString(again.resolve("rows.jsonl"), text.substring(0, text.length() - 20));

    // When
    EditingStudy.Measured resumed = EditingStudy.run(again, reference, PLAN, StudyListener.none());

    // Then
    assertThat(resumed.reused()).isEqualTo(4);
    assertThat(resumed.rows().get(4).points())
        .usingRecursiveComparison()
        .ignoringFields("milliseconds")
        .isEqualTo(measured.rows().get(4).points());
  }

  @Test
  void shouldRefuseADirectoryOfSomethingElse() throws IOException {
    // Given
    Files.writeString(directory.resolve("notes.txt"), "mine");

    // When
    assertThatThrownBy(() -> EditingStudy.run(directory, reference, PLAN, StudyListener.none()))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            directory
                + ": holds something else than a study; give a new directory, or that of a study");
  }
}
