package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import io.deltapress.schemas.Canary;
import io.deltapress.schemas.CanaryMetric;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.EditPolicy;
import io.deltapress.schemas.Policy;
import io.deltapress.schemas.RescaleStrategy;
import io.deltapress.schemas.ValueCode;
import io.deltapress.schemas.WhenUnmeasured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {
  @TempDir Path directory;

  private Path file(String json) throws IOException {
    return Files.writeString(directory.resolve("policy.json"), json);
  }

  private Policy read(String json) throws IOException {
    return builder(json).build();
  }

  private Policy.Builder builder(String json) throws IOException {
    return PolicyFile.read(file(json)).setScope("*").setAuthor("ada").setUpdatedAt(Instant.EPOCH);
  }

  @Test
  void shouldShowWhyAPolicyDoesNotHold() throws IOException {
    // Given
    Policy right = read("{}");
    Policy broken = builder("{}").setLargestDrop(2).build();

    // Then
    assertThat(PolicyDocument.of(right).refused()).isNull();
    assertThat(PolicyDocument.of(broken).refused())
        .isEqualTo("largestDrop 2.0 is no share: use 0 to 1, 0.01 for a point");
  }

  @Test
  void shouldTakeTheWordsOfTheCommandLine() throws IOException {
    // When
    Policy policy =
        read(
            """
            {"method": "darex-q", "pruneRates": [0.99, 0.9], "values": "int8",
             "rescale": "output-change", "calibration": "tasks/calibration.jsonl",
             "canaries": [{"name": "grammar", "tasks": "tasks/cola.jsonl", "metric": "matthews"}],
             "largestDrop": 0.02, "whenUnmeasured": "publish"}
            """);

    // Then
    assertThat(policy.getMethod()).isEqualTo(CompressionMethod.DAREX_Q);
    assertThat(policy.getPruneRates()).containsExactly(0.99, 0.9);
    assertThat(policy.getValues()).isEqualTo(ValueCode.INT8);
    assertThat(policy.getRescale()).isEqualTo(RescaleStrategy.OUTPUT_CHANGE);
    assertThat(policy.getCalibrationLocation()).isEqualTo("tasks/calibration.jsonl");
    assertThat(policy.getCanaries())
        .containsExactly(new Canary("grammar", "tasks/cola.jsonl", null, CanaryMetric.MATTHEWS));
    assertThat(policy.getLargestDrop()).isEqualTo(0.02);
    assertThat(policy.getWhenUnmeasured()).isEqualTo(WhenUnmeasured.PUBLISH);
  }

  @Test
  void shouldTakeTheRulesOfEdits() throws IOException {
    // When
    Policy given =
        read(
            """
            {"edits": {"editor": "editors/mend", "preserve": "known.jsonl", "largestBatch": 8,
                       "window": 250, "mostLive": 50, "largestDrop": 0.02, "whenUnmeasured": "publish"}}
            """);
    Policy least = read("{\"edits\": {}}");
    Policy none = read("{}");

    // Then
    assertThat(given.getEdits())
        .isEqualTo(new EditPolicy(
                "editors/mend", "known.jsonl", 8, 250L, 50, 0.02, WhenUnmeasured.PUBLISH));
    assertThat(least.getEdits())
        .isEqualTo(new EditPolicy("whitened", null, 16, 0L, 200, 0.01, WhenUnmeasured.REJECT));
    assertThat(none.getEdits()).isNull();
    assertThat(PolicyDocument.of(given).text())
        .contains(
            "by editors/mend preserving known.jsonl, up to 8 at once within 250 ms, 50 live, largest drop 2.0 %,"
                + " unmeasured: publish");
    assertThat(PolicyDocument.of(none).editsText()).isEqualTo("not allowed");
  }

  @Test
  void shouldFillInWhatIsAbsent() throws IOException {
    // When
    Policy policy = read("{\"canaries\": [{\"name\": \"a\", \"tasks\": \"a.jsonl\"}]}");

    // Then
    assertThat(policy.getMethod()).isEqualTo(CompressionMethod.DARE);
    assertThat(policy.getPruneRates()).containsExactly(0.99, 0.95, 0.9, 0.0);
    assertThat(policy.getValues()).isEqualTo(ValueCode.EXACT);
    assertThat(policy.getRescale()).isEqualTo(RescaleStrategy.GIVEN);
    assertThat(policy.getCanaries().get(0).getMetric()).isEqualTo(CanaryMetric.EXACT_MATCH);
    assertThat(policy.getLargestDrop()).isEqualTo(0.01);
    assertThat(policy.getWhenUnmeasured()).isEqualTo(WhenUnmeasured.REJECT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | not a JSON object; begin with {",
        "{\"largestdrop\": 1} | \"largestdrop\" is no key of a policy: use method, pruneRates,"
            + " values, rescale, calibration, canaries, largestDrop, whenUnmeasured, edits",
        "{\"method\": \"dare2\"} | method \"dare2\" is unknown: use dare, darex-q, magnitude, wanda,"
            + " structural, auto",
        "{\"method\": 1} | method must be a string",
        "{\"pruneRates\": 0.9} | pruneRates must be a list of numbers, highest first",
        "{\"pruneRates\": [\"x\"]} | pruneRates must hold numbers",
        "{\"largestDrop\": \"x\"} | largestDrop must hold numbers",
        "{\"canaries\": {}} | canaries must be a list of objects",
        "{\"canaries\": [{\"name\": \"a\"}]} | a canary has no tasks; give it one",
        "{\"edits\": []} | edits must be an object",
        "{\"edits\": {\"editor\": \"mend\", \"batch\": 1}} | \"batch\" is no key of edits: use editor,"
            + " largestBatch, window, mostLive, largestDrop, whenUnmeasured",
        "{\"edits\": {\"editor\": \"mend\", \"window\": 0.5}} | window must be a whole number",
        "{\"canaries\": [{\"file\": \"a\"}]} | \"file\" is no key of a canary: use name, tasks,"
            + " sha256, metric"
      })
  void shouldSayInOneLineWhatIsWrong(String json, String message) throws IOException {
    // Given
    Path file = file(json);

    // When / Then
    assertThatThrownBy(() -> PolicyFile.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void shouldSayWhereJsonIsBroken() throws IOException {
    // Given
    Path file = file("{\"method\": }");

    // When / Then
    assertThatThrownBy(() -> PolicyFile.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": not JSON: Unexpected character ('}'");
  }
}
