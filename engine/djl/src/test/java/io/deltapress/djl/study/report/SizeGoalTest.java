package io.deltapress.djl.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.djl.study.SampleSizes;
import io.deltapress.djl.study.SizeKey;
import io.deltapress.djl.study.SizeRow;
import io.deltapress.djl.study.Summary;
import io.deltapress.djl.study.Technique;
import io.deltapress.format.artifact.ValueCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeGoalTest {

  @Test
  void shouldTakeTheSmallestFileThatHoldsOnTheTest() {
    // When
    Claim claim =
        SizeGoal.check(
            List.of(
                row("router", Technique.DARE, ValueCode.INT8, 210, 0.005),
                row("router", Technique.WANDA, ValueCode.INT8, 300, 0.02),
                row("router", Technique.DARE, ValueCode.INT4, 400, 0.01),
                row("facts", Technique.DARE, ValueCode.INT8, 199, 0)));

    // Then
    assertThat(claim.verdict()).isEqualTo(Claim.Verdict.PARTLY_SHOWN);
    assertThat(claim.evidence())
        .containsExactly(
            "router: int8 210x (280x without header; DARE, p = 0.99), int4 400x (533x without"
                + " header; DARE, p = 0.99)",
            "facts: int8 199x (265x without header; DARE, p = 0.99), int4 none on the ladder");
  }

  private static SizeRow row(
      String fineTune, Technique technique, ValueCode values, double ratio, double drop) {
    SizeKey key =
        new SizeKey(
            fineTune,
            "ab",
            technique,
            values,
            List.of(0.99),
            List.of(1L),
            new SampleSizes(1, 1, 1));
    return new SizeRow(
        key, true, 0.99, 0.01, 10_000, 2_500, ratio, 1, new Summary(1 - drop, 0, 1), drop);
  }
}
