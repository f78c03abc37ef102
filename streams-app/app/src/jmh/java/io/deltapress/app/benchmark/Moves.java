package io.deltapress.app.benchmark;

import io.deltapress.djl.edit.EditRequest;
import io.deltapress.djl.evaluate.Task;
import io.deltapress.djl.evaluate.TaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Edits of facts that the reference base knows: people move to the city of somebody else. */
final class Moves {
  private static final String ASKED = " lives in";

  private Moves() {}

  static List<EditRequest> of(Path reference) throws IOException {
    List<Task> homes =
        TaskFile.read(reference.resolve("tasks/base-seen.jsonl")).stream()
            .filter(task -> task.prompt().endsWith(ASKED))
            .toList();
    List<EditRequest> moves = new ArrayList<>();
    for (int i = 0; i < homes.size(); i++) {
      Task home = homes.get(i);
      String city = otherThan(home.answer(), homes, i);
      moves.add(
          new EditRequest(
              "move-" + i,
              home.prompt(),
              city,
              null,
              home.answer(),
              List.of(
                  "the city of " + home.prompt().replace(ASKED, "") + " is"),
              List.of(),
              List.of()));
    }
    return moves;
  }

  private static String otherThan(String city, List<Task> homes, int from) {
    int i = from;
    while (homes.get(i % homes.size()).answer().equals(city)) {
      i++;
    }
    return homes.get(i % homes.size()).answer();
  }
}
