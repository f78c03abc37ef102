package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorNamesTest {

  @Property(tries = 2000)
  void shouldOrderNamesAsTheirBytesWhateverTheyHold(
      @ForAll @StringLength(max = 3) String left, @ForAll @StringLength(max = 3) String right) {
    // Given
    if (TensorNames.brokenRule(left).isPresent() || TensorNames.brokenRule(right).isPresent()) {
      return;
    }
    int asBytes =
        Arrays.compareUnsigned(
            left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    // When
    int order = TensorNames.ORDER.compare(left, right);

    // Then
    assertThat(Integer.signum(order)).isEqualTo(Integer.signum(asBytes));
  }

  @Test
  void shouldPlaceSupplementaryCharactersLastWhenOrdering() {
    // "😀" begins with a surrogate, which is less than U+FF5E as a char but not as a code point.
    assertThat(TensorNames.ORDER.compare("😀", "\uff5e")).isPositive();
    assertThat(TensorNames.ORDER.compare("\uff5e", "😀")).isNegative();
    assertThat(TensorNames.ORDER.compare("😀", "😁")).isNegative();
    assertThat(TensorNames.ORDER.compare("a", "ab")).isNegative();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\nb", "a\tb", "\u0000", "\u007f", "\u0085", "\u2028", "\ud800", "x\udc00"})
  void shouldRefuseNameWhenItCouldBreakALine(String name) {
    assertThatThrownBy(() -> new TensorInfo(name, DType.U8, Shape.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the name contains a control character or an unpaired surrogate");
  }

  @Test
  void shouldRefuseNameOfTheMetadata() {
    assertThatThrownBy(() -> new TensorInfo("__metadata__", DType.U8, Shape.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the name is reserved for the metadata of the file");
  }

  @Test
  void shouldRefuseNameThatIsTooLong() {
    assertThatThrownBy(() -> new TensorInfo("a".repeat(4097), DType.U8, Shape.of(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the name is longer than 4096 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "model.layers.0.mlp.weight", "層/😀", "../../etc/passwd"})
  void shouldAcceptNameWhenItFitsALine(String name) {
    assertThat(new TensorInfo(name, DType.U8, Shape.of(1)).name()).isEqualTo(name);
  }
}
