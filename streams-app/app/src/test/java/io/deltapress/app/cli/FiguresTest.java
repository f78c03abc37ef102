package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.00 kB",
    "9994, 9.99 kB",
    "9995, 10.0 kB",
    "123456, 123 kB",
    "999499, 999 kB",
    "999500, 1.00 MB",
    "6442450944, 6.44 GB",
    "1500000000000000, 1500 TB"
  })
  void shouldKeepThreeDigitsWhenBytesAreShown(long bytes, String text) {
    // When
    String shown = Figures.bytes(bytes);

    // Then
    assertThat(shown).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"1, 1.00x", "66.66, 66.7x", "99.94, 99.9x", "99.96, 100x", "409.6, 410x"})
  void shouldKeepThreeDigitsWhenARatioIsShown(double ratio, String text) {
    // When
    String shown = Figures.ratio(ratio);

    // Then
    assertThat(shown).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.9899999999906868, 0.99",
    "0.010000000000000009, 0.01",
    "1, 1",
    "0.00000015, 1.5e-7",
    "123456.7, 123457"
  })
  void shouldKeepSixDigitsAtMostWhenANumberIsShown(double value, String text) {
    // When
    String shown = Figures.number(value);

    // Then
    assertThat(shown).isEqualTo(text);
  }
}
