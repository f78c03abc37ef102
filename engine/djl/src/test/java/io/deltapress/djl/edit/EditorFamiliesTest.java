package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.model.SequenceClassifier;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoArraysLeft.class)
class EditorFamiliesTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "llama/grouped-query-tied-bf16, ultraedit",
    "llama/qwen2-untied-f16, ultraedit",
    "gpt2/prefixed-f16, ultraedit",
    "encoder/bert-three-labels-bf16, ultraedit",
    "encoder/roberta-two-labels-f16, ultraedit",
    "llama/grouped-query-tied-bf16, whitened",
    "gpt2/prefixed-f16, whitened",
    "encoder/bert-three-labels-bf16, whitened",
    "llama/multi-head-untied-f32, fine-tuning",
    "gpt2/bare-bf16, fine-tuning",
    "encoder/roberta-two-labels-f16, fine-tuning"
  })
  void shouldMakeTheModelGiveTheTarget(String fixture, String spec) throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(fixture, directory);
        Editor editor = Editors.open(spec, tiny.model)) {
      EditRequest request = somethingNew(tiny);
      EditMeasure measure = new EditMeasure(tiny.model, List.of(request));
      List<String> told = new ArrayList<>();

      // When
      List<ComputedEdit> edits =
          editor.edit(
              tiny.model,
              List.of(request),
              (edit, done, total) -> told.add(edit.request().id() + " " + done + "/" + total));
      List<EditScores> untouched = measure.after();
      tiny.model.putOn(edits.get(0));

      // Then
      assertThat(edits.get(0).alreadyTrue()).isFalse();
      assertThat(edits.get(0).norm()).isPositive();
      assertThat(told).containsExactly("new 1/1");
      assertThat(untouched).isEqualTo(measure.before());
      assertThat(measure.before().get(0).rewriteAccuracy()).isZero();
      assertThat(measure.after().get(0).rewriteAccuracy()).isOne();
    }
  }

  /** A label or an answer that the model does not give. */
  private static EditRequest somethingNew(TinyEditable tiny) throws BadInputException {
    boolean classifier = tiny.transformer() instanceof SequenceClassifier;
    for (String target : classifier ? List.of("0", "1") : List.of("k", "m")) {
      EditRequest request = EditRequest.of("new", "a b c d", target);
      EditMeasure measure = new EditMeasure(tiny.model, List.of(request));
      if (measure.before().get(0).rewriteAccuracy() == 0) {
        return request;
      }
    }
    throw new AssertionError("two answers are the likeliest");
  }

  @ParameterizedTest
  @CsvSource({"llama/multi-head-untied-f32", "encoder/bert-three-labels-bf16"})
  void shouldChangeNothingForATargetThatTheModelGives(String fixture) throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of(fixture, directory);
        Editor editor = Editors.open("ultraedit", tiny.model)) {
      EditRequest old = somethingNew(tiny);
      tiny.model.putOn(editor.edit(tiny.model, List.of(old), EditListener.none()).get(0));
      EditRequest again = EditRequest.of("again", old.prompt(), old.target());

      // When
      ComputedEdit edit = editor.edit(tiny.model, List.of(again), EditListener.none()).get(0);

      // Then
      assertThat(edit.alreadyTrue()).isTrue();
      assertThat(edit.rank()).isZero();
      assertThat(edit.norm()).isZero();
    }
  }

  @Test
  void shouldNameTheEditWhosePromptIsTooLong() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("llama/multi-head-untied-f32", directory);
        Editor editor = Editors.open("ultraedit", tiny.model)) {
      EditRequest request = EditRequest.of("long\none", "a ".repeat(80).strip(), "k");

      // When
      assertThatThrownBy(() -> editor.edit(tiny.model, List.of(request), EditListener.none()))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "edit 'long\\u000aone': the prompt with its answer has 82 tokens, the model takes 64;"
                  + " shorten it");
    }
  }

  @Test
  void shouldNameTheLabelsOfAClassifier() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("encoder/bert-three-labels-bf16", directory)) {
      EditRequest request = EditRequest.of("x", "a b", "sports");

      // When
      assertThatThrownBy(() -> new EditMeasure(tiny.model, List.of(request)))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "edit 'x': the prompt asks for label 'sports', the model's labels are the integers"
                  + " from 0 to 2");
    }
  }

  @Test
  void shouldRefuseAModelThatGivesNumbers() throws IOException {
    // Given
    try (TinyEditable tiny =
        TinyEditable.of("encoder/bert-regression-first-names-f16", directory)) {
      EditRequest request = EditRequest.of("x", "a b", "1");

      // When
      assertThatThrownBy(() -> new EditMeasure(tiny.model, List.of(request)))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "edit 'x': the prompt asks for a label, the model gives numbers; edit a classifier");
    }
  }

  @Test
  void shouldNameTheEditorsThereAre() throws IOException {
    // Given
    try (TinyEditable tiny = TinyEditable.of("gpt2/bare-bf16", directory)) {

      // When
      assertThatThrownBy(() -> Editors.open("rome", tiny.model))
          // Then
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "rome: no editor; give whitened, ultraedit, fine-tuning or the directory of a trained editor");
    }
  }
}
