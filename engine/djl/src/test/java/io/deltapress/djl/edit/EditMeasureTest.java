package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.djl.memory.NoArraysLeft;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoArraysLeft.class)
class EditMeasureTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"llama/multi-head-untied-f32", "encoder/bert-three-labels-bf16"})
  void shouldHoldTheModelToWhatItSaidBeforeWhereAProbeHasNoAnswer(String fixture)
      throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(fixture, directory);
        Editor editor = Editors.open("ultraedit", tiny.model)) {
      List<EditRequest> requests =
          List.of(
              new EditRequest(
                  "x",
                  "a b c",
                  "1",
                  null,
                  null,
                  List.of(),
                  List.of(Probe.of("d e"), Probe.of("a b c")),
                  List.of()),
              new EditRequest(
                  "y",
                  "a b c",
                  "2",
                  null,
                  null,
                  List.of(),
                  List.of(),
                  List.of(new Probe("f", "2"))));

      // When
      EditMeasure measure = new EditMeasure(tiny.model, requests);

      // Then: two answers to one prompt cannot both be right
      assertThat(measure.before().get(0).locality()).isEqualTo(1.0);
      assertThat(measure.before().get(0).rephraseAccuracy()).isNull();
      assertThat(measure.before().get(0).portability()).isNull();
      assertThat(measure.before().get(1).locality()).isNull();
      assertThat(measure.before().get(1).portability()).isNotNull();
      double right = 0;
      for (EditScores scores : measure.before()) {
        right += scores.rewriteAccuracy();
      }
      assertThat(right).isLessThanOrEqualTo(1);

      // When: the same prompt is to have another answer
      EditRequest other =
          measure.before().get(0).rewriteAccuracy() == 0 ? requests.get(0) : requests.get(1);
      tiny.model.putOn(editor.edit(tiny.model, List.of(other), EditListener.none()).get(0));

      // Then
      assertThat(measure.after().get(0).locality()).isLessThanOrEqualTo(.5);
    }
  }

  @Test
  void shouldCountAnAnswerOnlyIfAllItsTokensAreTheLikeliest() throws IOException {
    // Given: what the model says by itself, and that with another last token
    try (TinyEditable tiny = TinyEditable.of("llama/multi-head-untied-f32", directory)) {
      PromptSequence said = new PromptEncoder(tiny.model).encode("x", Probe.of("a b c"));
      long[] labels = said.labels().clone();
      labels[labels.length - 1] = (labels[labels.length - 1] + 1) % 20;
      PromptSequence wrong =
          new PromptSequence(said.ids(), said.segments(), said.firstLabel(), labels);

      // When
      PromptEncoder.Asked asked = new PromptEncoder(tiny.model).ask(List.of(said, wrong));

      // Then
      assertThat(said.labels()).hasSizeGreaterThan(1);
      assertThat(asked.right()).containsExactly(true, false);
    }
  }
}
