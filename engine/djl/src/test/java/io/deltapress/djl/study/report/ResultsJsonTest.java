package io.deltapress.djl.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsJsonTest {

  private static final String JSON = ResultsJson.of(StudySamples.document());

  @Test
  void shouldHoldEveryPartOfTheStudy() throws IOException {
    // When
    JsonNode tree = new ObjectMapper().readTree(JSON);

    // Then
    assertThat(List.copyOf(tree.properties()))
        .extracting(field -> field.getKey())
        .containsExactly(
            "schema", "run", "plan", "fineTunes", "cells", "sizes", "generated", "claims");
    assertThat(tree.path("schema").intValue()).isEqualTo(1);
    assertThat(tree.path("run").path("commit").textValue()).isEqualTo("c0ffee");
    JsonNode cell = tree.path("cells").path(1);
    assertThat(cell.path("key").path("technique").textValue()).isEqualTo("dare");
    assertThat(cell.path("key").path("pruneRate").doubleValue()).isEqualTo(0.99);
    assertThat(cell.path("measurements").path(1).path("score").doubleValue()).isEqualTo(0.2);
    assertThat(tree.path("sizes").path(0).path("key").path("values").textValue()).isEqualTo("int8");
    assertThat(tree.path("claims").path(0).path("verdict").textValue()).isEqualTo("shown");
  }

  @Test
  void shouldWriteOneCellPerLineWithSixDigits() {
    // Then
    assertThat(JSON.lines().filter(line -> line.contains("\"pruneRate\":0.9,"))).hasSize(3);
    assertThat(JSON).contains("\"common\":0.01,").doesNotContain("0.0100000");
  }
}
