package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WeightsDigestTest {
  private static final TensorDigest A =
      new TensorDigest(
          new TensorInfo("a", DType.F32, Shape.of()),
          "e00e5eb9444182f352323374ef4e08ebcb784725fdd4fd612d7730540b3e0c8c");
  private static final TensorDigest B =
      new TensorDigest(
          new TensorInfo("b", DType.BF16, Shape.of(2, 3)),
          "fff3a9bcdd37363d703c1c4f9512533686157868f0d4f16a0f02d0f1da24f9a2");
  private static final TensorDigest TILDE =
      new TensorDigest(
          new TensorInfo("\uff5e", DType.U8, Shape.of(0)),
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  private static final TensorDigest SMILE =
      new TensorDigest(
          new TensorInfo("😀", DType.U8, Shape.of(1)),
          "ca358758f6d27e6cf45272937977a748fd88391db679ceda7dc7bf1f005ee879");

  @Test
  void shouldEqualTheVectorComputedElsewhereWhateverTheOrder() {
    // When
    WeightsDigest digest = WeightsDigest.of(List.of(SMILE, B, TILDE, A));

    // Then the value comes from a few lines of Python written from the definition
    assertThat(digest)
        .hasToString("7d0eeda97dc60c6308293de52745a0d76aff87f2cb901864bf4caad723f23fad");
  }

  @Test
  void shouldSeparateTheFieldsOfALineByTabs() {
    assertThat(B.line())
        .isEqualTo(
            "b\tBF16\t[2,3]\t"
                + "fff3a9bcdd37363d703c1c4f9512533686157868f0d4f16a0f02d0f1da24f9a2\n");
  }

  @Test
  void shouldBeTheDigestOfNothingWhenThereAreNoTensors() {
    assertThat(WeightsDigest.of(List.of()).hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void shouldRefuseTensorGivenTwice() {
    assertThatThrownBy(() -> WeightsDigest.of(List.of(A, A)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor given twice: a");
  }

  @Test
  void shouldRefuseWhatIsNoDigest() {
    assertThatThrownBy(() -> new WeightsDigest("ABC"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not 64 lower-case hexadecimal digits: ABC");
  }
}
