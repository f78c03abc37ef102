package io.deltapress.djl.study.report;

import static io.deltapress.djl.study.report.StudySamples.cell;
import static io.deltapress.djl.study.report.StudySamples.fineTune;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.djl.study.Cell;
import io.deltapress.djl.study.DeltaKind;
import io.deltapress.djl.study.FineTuneFacts;
import io.deltapress.djl.study.Technique;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimsTest {

  private static final FineTuneFacts PLAIN = fineTune("router", DeltaKind.SMALL, "router");
  private static final FineTuneFacts PULLED = fineTune("router-l2", DeltaKind.L2, "router");
  private static final FineTuneFacts LARGE = fineTune("router-large", DeltaKind.LARGE, "router");

  @Test
  void shouldShowThatDarexHoldsWhereDareCollapses() {
    // When
    Claim claim =
        check(
                List.of(PLAIN),
                cell("router", Technique.DARE, 0.9, 0.99, 0.99),
                cell("router", Technique.DAREX_Q_VALIDATION, 0.9, 1, 1),
                cell("router", Technique.DARE, 0.99, 0.1, 0.2),
                cell("router", Technique.DAREX_Q_VALIDATION, 0.99, 0.9, 0.9))
            .get(0);

    // Then
    assertThat(claim.verdict()).isEqualTo(Claim.Verdict.SHOWN);
    assertThat(claim.evidence())
        .containsExactly(
            "router (1.000 unpruned), p = 0.99: DARE 0.150 ± 0.071, DAREx-q, q_v 0.900 ± 0.000:"
                + " holds");
  }

  @Test
  void shouldSayWhereDarexFailsToo() {
    // When
    Claim claim =
        check(
                List.of(PLAIN, LARGE),
                cell("router", Technique.DARE, 0.99, 0, 0),
                cell("router", Technique.DAREX_Q_VALIDATION, 0.99, 0.79, 0.79),
                cell("router-large", Technique.DARE, 0.99, 0, 0),
                cell("router-large", Technique.DAREX_Q_VALIDATION, 0.99, 0.81, 0.81))
            .get(0);

    // Then
    assertThat(claim.verdict()).isEqualTo(Claim.Verdict.PARTLY_SHOWN);
    assertThat(claim.evidence().get(0)).endsWith(": does not hold");
    assertThat(claim.evidence().get(1)).endsWith(": holds");
  }

  @Test
  void shouldNotSpeakOfCollapseWhenDareDoesNot() {
    // When
    Claim claim =
        check(
                List.of(PLAIN),
                cell("router", Technique.DARE, 0.99, 0.6, 0.6),
                cell("router", Technique.DAREX_Q_VALIDATION, 0.99, 1, 1))
            .get(0);

    // Then
    assertThat(claim.verdict()).isEqualTo(Claim.Verdict.NOT_MEASURED);
    assertThat(claim.evidence()).containsExactly("router: DARE does not collapse at any p");
  }

  @Test
  void shouldCompareThePulledFineTuneWithTheBestOfThePlainOneOnTheSameTask() {
    // When
    Claim claim =
        check(
                List.of(PLAIN, PULLED, fineTune("facts", DeltaKind.SMALL, "facts")),
                cell("router-l2", Technique.DARE, 0.99, 0.9, 0.9),
                cell("router", Technique.DARE, 0.99, 0.1, 0.1),
                cell("router", Technique.MAGNITUDE, 0.99, 0.905, 0),
                cell("facts", Technique.DARE, 0.99, 1, 1),
                cell("router-l2", Technique.DARE, 0.995, 0.2, 0.2),
                cell("router", Technique.MAGNITUDE, 0.995, 0.6, 0.6),
                cell("router-l2", Technique.DARE, 0.999, 0.2, 0.2),
                cell("router", Technique.MAGNITUDE, 0.999, 0.1, 0.1))
            .get(1);

    // Then
    assertThat(claim.verdict()).isEqualTo(Claim.Verdict.PARTLY_SHOWN);
    assertThat(claim.evidence())
        .containsExactly(
            "router-l2 (1.000 unpruned), p = 0.99: DARE 0.900 ± 0.000, magnitude of router 0.905:"
                + " as good or better",
            "router-l2 (1.000 unpruned), p = 0.995: DARE 0.200 ± 0.000, magnitude of router 0.600:"
                + " worse");
  }

  @Test
  void shouldJudgeImportanceAgainstDareAndAgainstDarexWhereDareLoses() {
    // When
    List<Claim> claims =
        check(
            List.of(LARGE),
            cell("router-large", Technique.DARE, 0.5, 1, 1),
            cell("router-large", Technique.DAREX_Q_VALIDATION, 0.5, 1, 1),
            cell("router-large", Technique.MAGNITUDE, 0.5, 0.5, 0),
            cell("router-large", Technique.DARE, 0.8, 0.7, 0.7),
            cell("router-large", Technique.DAREX_Q_VALIDATION, 0.8, 0.985, 0.985),
            cell("router-large", Technique.MAGNITUDE, 0.8, 0.99, 0),
            cell("router-large", Technique.DARE, 0.9, 0.3, 0.3),
            cell("router-large", Technique.DAREX_Q_VALIDATION, 0.9, 0.9, 0.9),
            cell("router-large", Technique.WANDA, 0.9, 0.8, 0),
            cell("router-large", Technique.DARE, 0.99, 0, 0),
            cell("router-large", Technique.DAREX_Q_VALIDATION, 0.99, 0, 0),
            cell("router-large", Technique.WANDA, 0.99, 0.4, 0));

    // Then
    assertThat(claims.get(2).verdict()).isEqualTo(Claim.Verdict.SHOWN);
    assertThat(claims.get(2).evidence())
        .containsExactly(
            "router-large (1.000 unpruned), p = 0.8: magnitude 0.990, DARE 0.700 ± 0.000: wins",
            "router-large (1.000 unpruned), p = 0.9: WANDA 0.800, DARE 0.300 ± 0.000: wins");
    assertThat(claims.get(3).verdict()).isEqualTo(Claim.Verdict.NOT_SHOWN);
    assertThat(claims.get(3).evidence())
        .extracting(line -> line.substring(line.lastIndexOf(':') + 2))
        .containsExactly("no difference", "loses");
  }

  @Test
  void shouldSayThatNothingWasMeasuredWhenThereIsNoSuchFineTune() {
    // When
    List<Claim> claims = check(List.of(PLAIN));

    // Then
    assertThat(claims).extracting(Claim::verdict).containsOnly(Claim.Verdict.NOT_MEASURED);
  }

  private static List<Claim> check(List<FineTuneFacts> fineTunes, Cell... cells) {
    return Claims.check(new Scores(fineTunes, List.of(cells)));
  }
}
