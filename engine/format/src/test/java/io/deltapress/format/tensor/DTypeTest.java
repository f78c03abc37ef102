package io.deltapress.format.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DTypeTest {

  @Test
  void shouldKnowEveryTypeOfTheFormatInItsOrder() {
    // When
    String names = String.join(" ", Arrays.stream(DType.values()).map(Enum::name).toList());

    // Then
    assertThat(names)
        .isEqualTo(
            "BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ I16 U16"
                + " F16 BF16 I32 U32 F32 C64 F64 I64 U64");
  }

  @ParameterizedTest
  @CsvSource({
    "BOOL, 3, 3",
    "F4, 6, 3",
    "F6_E2M3, 4, 3",
    "F6_E3M2, 8, 6",
    "U8, 0, 0",
    "BF16, 3, 6",
    "F32, 3, 12",
    "C64, 3, 24",
    "U64, 281474976710655, 2251799813685240"
  })
  void shouldCountBytesWhenElementsFillThem(DType dtype, long elements, long bytes) {
    // When
    long byteLength = dtype.byteLength(elements);

    // Then
    assertThat(byteLength).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"F4, 3", "F6_E2M3, 1", "F6_E3M2, 6"})
  void shouldRefuseElementsThatEndWithinAByte(DType dtype, long elements) {
    // When, Then
    assertThatThrownBy(() -> dtype.byteLength(elements))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(elements + " elements of " + dtype + " do not end on a byte boundary");
  }

  @Test
  void shouldRefuseElementsWhenTheirSizeOverflows() {
    // When, Then
    assertThatThrownBy(() -> DType.F64.byteLength(Long.MAX_VALUE / 64 + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("144115188075855872 elements of F64 overflow a 63-bit size in bits");
  }

  @Test
  void shouldCallOnlyWideFloatsPrunable() {
    // When
    var floats = Arrays.stream(DType.values()).filter(DType::isFloat).toList();

    // Then
    assertThat(floats).containsExactly(DType.F16, DType.BF16, DType.F32, DType.F64);
  }

  @Test
  void shouldFindTypeByItsExactNameOnly() {
    assertThat(DType.of("BF16")).contains(DType.BF16);
    assertThat(DType.of("bf16")).isEmpty();
  }
}
