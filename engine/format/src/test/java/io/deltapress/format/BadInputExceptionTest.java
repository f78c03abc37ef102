package io.deltapress.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BadInputExceptionTest {

  @Test
  void shouldNameFileTensorAndRuleWhenAllAreKnown() {
    // When
    BadInputException failure = BadInputException.of(Path.of("a.safetensors"), "w", "is odd");

    // Then
    assertThat(failure).hasMessage("a.safetensors: tensor 'w': is odd");
  }

  @Test
  void shouldStayOnOneLineWhenTheNameHoldsControlCharacters() {
    // When
    BadInputException failure =
        BadInputException.of(Path.of("a"), "x\n\u001b[31m\u2028\u202e\ud800", "is odd");

    // Then
    assertThat(failure).hasMessage("a: tensor 'x\\u000a\\u001b[31m\\u2028\\u202e\\ud800': is odd");
  }

  @Test
  void shouldShortenQuoteWhenTheNameIsLong() {
    // When
    String quote = BadInputException.quote("a".repeat(100) + "b".repeat(100));

    // Then
    assertThat(quote).isEqualTo("'" + "a".repeat(60) + "…" + "b".repeat(60) + "' (200 characters)");
  }

  @Test
  void shouldKeepOtherScriptsWhenQuoting() {
    // When
    String quote = BadInputException.quote("層.😀");

    // Then
    assertThat(quote).isEqualTo("'層.😀'");
  }
}
