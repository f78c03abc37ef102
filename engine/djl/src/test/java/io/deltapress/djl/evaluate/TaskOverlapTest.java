package io.deltapress.djl.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskOverlapTest {

  private static final String TASK = "{\"prompt\": \"who is  Ann\", \"answer\": \"a cook\"}\n";

  @TempDir private Path directory;

  @Test
  void shouldRefuseASharedPromptWhateverItsAnswer() throws IOException {
    // Given
    Path calibration = write("c", "{\"prompt\": \"who is Ann\", \"answer\": \"no cook\"}\n");
    Path test = write("t", TASK + "{\"prompt\": \"who is Bob\", \"answer\": \"a cook\"}\n");

    // When
    assertThatThrownBy(() -> TaskOverlap.requireNone(calibration, test))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            calibration
                + ": shares 1 tasks with "
                + test
                + ", which is to judge the result; give text that is not in it");
  }

  @Test
  void shouldKnowATaskWrittenOutAsText() throws IOException {
    // Given
    Path calibration = write("c", "{\"text\": \"who is Ann a cook\"}\n");

    // Then
    assertThat(TaskOverlap.count(calibration, write("t", TASK))).isEqualTo(1);
  }

  @Test
  void shouldTellTextsWithOtherPairsApart() throws IOException {
    // Given
    Path calibration = write("c", "{\"text\": \"a b\", \"text_pair\": \"c\", \"label\": 0}\n");
    Path test =
        write(
            "t",
            "{\"text\": \"a b\", \"text_pair\": \"d\", \"label\": 0}\n\n"
                + "{\"text\": \"a b\", \"text_pair\": \"c\", \"label\": 1}\n");

    // Then
    assertThat(TaskOverlap.count(calibration, test)).isEqualTo(1);
  }

  @Test
  void shouldLetOtherTasksPass() throws IOException {
    // Given
    Path calibration = write("c", "{\"prompt\": \"who is Eve\", \"answer\": \"a cook\"}\n");
    Path test = write("t", TASK);

    // Then
    assertThatCode(() -> TaskOverlap.requireNone(calibration, test)).doesNotThrowAnyException();
  }

  @Test
  void shouldNameALineThatIsNotJson() throws IOException {
    // Given
    Path calibration = write("c", "\nnonsense\n");
    Path test = write("t", TASK);

    // When
    assertThatThrownBy(() -> TaskOverlap.count(calibration, test))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(calibration + ": line 2: not JSON");
  }

  @Test
  void shouldKnowATaskThatHasMoreKeysInAnotherOrder() throws IOException {
    // Given
    Path calibration = write("c", TASK);
    Path test = write("t", "{\"answer\":\"a smith\",\"id\":1,\"prompt\":\" who is Ann\"}\n");

    // Then
    assertThat(TaskOverlap.with(calibration).countIn(test)).isEqualTo(1);
  }

  @Test
  void shouldNameALineThatIsNoJsonObject() throws IOException {
    // Given
    Path calibration = write("c", TASK);
    Path test = write("t", TASK + "[1]\n");

    // When
    assertThatThrownBy(() -> TaskOverlap.count(calibration, test))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(test + ": line 2: no JSON object");
  }

  @Test
  void shouldNameAFileThatIsNotInUtf8() throws IOException {
    // Given
    Path calibration = write("c", TASK);
    Path test = Files.write(directory.resolve("latin.jsonl"), new byte[] {'"', (byte) 0xe9, '"'});

    // When
    assertThatThrownBy(() -> TaskOverlap.count(calibration, test))
        // Then
        .isInstanceOf(BadInputException.class)
        .hasMessage(test + ": not in UTF-8; save it in UTF-8");
  }

  private Path write(String name, String lines) throws IOException {
    return Files.writeString(directory.resolve(name + ".jsonl"), lines);
  }
}
