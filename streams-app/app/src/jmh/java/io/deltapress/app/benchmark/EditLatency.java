package io.deltapress.app.benchmark;

import io.deltapress.app.cli.client.EditRecords;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.TopicWriter;
import io.deltapress.djl.edit.EditRequest;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * From an edit request to a served answer, on an embedded stack with the window at zero: one edit
 * after the other, each from before it is sent until a model host that follows gives the new
 * answer, with the share of every stage; then many at once, in batches.
 *
 * <p>A main program, since a measurement takes a whole pipeline and not a method. After {@code mvn
 * -q install -Dquick}, in {@code streams-app/app}:
 *
 * <pre>
 * mvn -q -Pjmh -Dquick test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
 *   "-Dexec.args=-cp %classpath io.deltapress.app.benchmark.EditLatency [EDITS] [EDITOR]"
 * </pre>
 */
public final class EditLatency {
  private static final Path REFERENCE = Path.of("../../engine/djl/reference");
  private static final int EDITS_PER_MODEL = 20;
  private static final int WARM_UP = 10;
  private static final int MOST_AT_ONCE = 16;

  private final BenchmarkStack stack;
  private final PipelineClient client;
  private final List<EditRequest> requests;
  private int next;

  private EditLatency(BenchmarkStack stack, Path reference) throws IOException {
    this.stack = stack;
    this.client = new PipelineClient(stack.connection());
    this.requests = Moves.of(reference);
  }

  /** Runs both measurements and prints them. */
  public static void main(String[] arguments) throws Exception {
    int edits = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
    String editor = arguments.length > 1 ? arguments[1] : "whitened";
    Path directory = Files.createTempDirectory("edit-latency-");
    Path reference = REFERENCE.toRealPath();
    try (BenchmarkStack stack = BenchmarkStack.start(directory, reference, editor, MOST_AT_ONCE)) {
      EditLatency latency = new EditLatency(stack, reference);
      latency.single(WARM_UP, "warm-up");
      List<Journey> journeys = latency.single(edits, "single");
      print(JourneyTable.text(journeys));
      latency.batched(4 * MOST_AT_ONCE);
    }
  }

  /** One edit after the other, of a few models in turn, so that lists of live edits stay short. */
  private List<Journey> single(int edits, String name) throws IOException, InterruptedException {
    List<Journey> journeys = new ArrayList<>();
    long started = System.nanoTime();
    try (TopicWriter<EditSubmission> writer = client.writer(Topics.EDITS_REQUESTED);
        Journeys watched = new Journeys(client)) {
      for (int i = 0; i < edits; i++) {
        ModelKey model = new ModelKey("bench", name + "-" + i / EDITS_PER_MODEL);
        EditRequest request = requests.get(next++);
        journeys.add(
            watched.follow(
                edit(request, model), writer, stack.host(), i % EDITS_PER_MODEL == 0));
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    print("%s: %d edits, %.2f per second".formatted(name, edits, edits / seconds));
    return journeys;
  }

  /** Many edits of one model at once, until the last of them is served. */
  private void batched(int edits) throws IOException, InterruptedException {
    ModelKey model = new ModelKey("bench", "batched");
    try (TopicWriter<EditSubmission> writer = client.writer(Topics.EDITS_REQUESTED);
        Journeys watched = new Journeys(client)) {
      // The first edit loads the model.
      watched.follow(edit(requests.get(next++), model), writer, stack.host(), true);
      List<EditSubmission> batch = new ArrayList<>();
      for (int i = 0; i < edits; i++) {
        batch.add(edit(requests.get(next++), model));
      }
      long started = System.nanoTime();
      for (EditSubmission edit : batch) {
        writer.send(model.toString(), edit);
      }
      Journeys.Ends ends = watched.awaitAll(batch, stack.host());
      double seconds = (System.nanoTime() - started) / 1e9;
      print(
          "batched: %d edits at once, %d applied, %d turned down, in %d versions, %.2f per second"
              .formatted(
                  edits, ends.applied(), ends.rejected(), ends.versions(), edits / seconds));
    }
  }

  private EditSubmission edit(EditRequest request, ModelKey model) {
    return EditRecords.of(request, model, "benchmark")
        .setBaseDigest(stack.baseDigest())
        .build();
  }

  private static void print(String line) {
    System.out.println(String.format(Locale.ROOT, "%s", line));
  }
}
