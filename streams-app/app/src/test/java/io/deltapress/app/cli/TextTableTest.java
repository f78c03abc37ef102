package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void shouldAlignColumnsWhenCellsDifferInWidth() {
    // Given
    TextTable table = new TextTable("model", "ratio").row("support/router", "85.2x").row("a/b", 1);

    // When
    String text = table.text();

    // Then
    assertThat(text.lines())
        .containsExactly("model           ratio", "support/router  85.2x", "a/b             1");
  }
}
