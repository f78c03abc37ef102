package io.deltapress.djl.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.djl.study.editing.EditingMethod;
import io.deltapress.djl.study.editing.EditingPlan;
import io.deltapress.djl.study.editing.EditingRow;
import io.deltapress.djl.study.editing.EditingStudy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EditingClaimsTest {

  private static final EditingPlan PLAN =
      new EditingPlan(
          List.of(EditingMethod.MEND, EditingMethod.WHITENED, EditingMethod.WHITENED_REFITTED),
          List.of(1),
          List.of(1, 100, 1000),
          List.of(1L, 2L),
          300,
          700,
          600);

  @Test
  void shouldFindWhatLastsAndWhatDoesNot() {
    // Given: locality of the second sequence; the mean decides
    EditingFigures figures =
        figures(
            row(EditingMethod.MEND, 1, 1, 1, 0),
            row(EditingMethod.MEND, 1, 2, 1, 0),
            row(EditingMethod.WHITENED, 1, 1, 1, .99, .9),
            row(EditingMethod.WHITENED, 1, 2, 1, .99, .9),
            row(EditingMethod.WHITENED_REFITTED, 0, 1, 1, 1, .98),
            row(EditingMethod.WHITENED_REFITTED, 0, 2, 1, 1, .96));

    // When
    List<Claim> claims = EditingClaims.check(figures);

    // Then
    assertThat(figures.held())
        .containsExactly(
            new EditingFigures.Held(EditingMethod.MEND, 1, 1),
            new EditingFigures.Held(EditingMethod.WHITENED, 1, 100),
            new EditingFigures.Held(EditingMethod.WHITENED_REFITTED, 0, 1000));
    assertThat(claims)
        .extracting(Claim::verdict)
        .containsExactly(Claim.Verdict.SHOWN, Claim.Verdict.SHOWN, Claim.Verdict.SHOWN);
    assertThat(claims.get(0).evidence())
        .containsExactly(
            "whitened-refitted, all at once: success 0.950 ± 0.000, rephrase 0.900 ± 0.000,"
                + " locality 0.970 ± 0.014");
    assertThat(claims.get(1).evidence()).containsExactly("held up to 1 edits");
  }

  @Test
  void shouldSaySoWhenNothingLasts() {
    // When
    List<Claim> claims =
        EditingClaims.check(
            figures(
                row(EditingMethod.MEND, 1, 1, 1, 1, .9),
                row(EditingMethod.WHITENED, 1, 1, 1, .9, .9)));

    // Then
    assertThat(claims)
        .extracting(Claim::verdict)
        .containsExactly(Claim.Verdict.NOT_SHOWN, Claim.Verdict.NOT_SHOWN, Claim.Verdict.NOT_SHOWN);
  }

  @Test
  void shouldSaySoWhenNothingWasMeasured() {
    // Then
    assertThat(EditingClaims.check(figures()))
        .extracting(Claim::verdict)
        .containsOnly(Claim.Verdict.NOT_MEASURED);
  }

  @Test
  void shouldShowFiguresAndWhereARowEnded() {
    // Given
    EditingRow ended =
        new EditingRow(
            row(EditingMethod.MEND, 1, 1, 1, 0).key(),
            row(EditingMethod.MEND, 1, 1, 1, 0).points(),
            "nothing was left after 100 edits");
    EditingDocument document =
        EditingDocument.of(
            new StudyDocument.Run("c", "c0ffee", "1.0", "17", "PyTorch", 2, 1, 90, 0),
            PLAN,
            new EditingStudy.Measured(List.of(ended), 2.5, 0));

    // When
    String page = EditingMarkdown.of(document, List.of());

    // Then
    assertThat(page)
        .contains("| method | edits | 1 | 100 | 1,000 |")
        .contains("| mend | one by one | 0.950 / 0.900 / 1.000 | 0.950 / 0.900 / 0.000 | – |")
        .contains("- mend, one by one, sequence 1: nothing was left after 100 edits");
    assertThat(ResultsJson.of(document)).contains("\"baseTextLoss\": 2.5").contains("\"mend\"");
  }

  private static EditingFigures figures(EditingRow... rows) {
    return new EditingFigures(PLAN, List.of(rows));
  }

  /** Success .95, rephrase .9 and these localities. */
  private static EditingRow row(EditingMethod method, int batch, long seed, double... localities) {
    List<EditingRow.Point> points = new ArrayList<>();
    for (int i = 0; i < localities.length; i++) {
      points.add(new EditingRow.Point(PLAN.counts().get(i), .95, .9, localities[i], 3, 10, 2048));
    }
    return new EditingRow(
        new EditingRow.Key(method, batch, seed, "ab", PLAN.counts(), 300, 700, 0), points, "");
  }
}
