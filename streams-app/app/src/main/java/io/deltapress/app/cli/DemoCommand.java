package io.deltapress.app.cli;

import io.deltapress.app.cli.demo.Demo;
import io.deltapress.app.cli.demo.DemoEdit;
import io.deltapress.app.cli.demo.DemoResult;
import io.deltapress.app.cli.demo.DemoStack;
import io.deltapress.app.cli.demo.DemoWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: the whole pipeline in one process. */
@Command(
    name = "demo",
    description =
        "Run the whole pipeline in this process on the reference models, and show what came of it.",
    sortOptions = false)
final class DemoCommand extends AbstractCommand {
  private static final String LOG_FILE = "demo.log";

  @Option(names = "--exit", description = "End after the table instead of staying up.")
  private boolean exit;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "Where to keep everything, absent or empty. Default: one that is deleted.")
  private @Nullable Path directory;

  @Option(
      names = "--reference",
      paramLabel = "DIR",
      description = "The reference models. Default: those that came with this program.")
  private @Nullable Path reference;

  @Mixin private JsonOption json;

  DemoCommand(Shell shell) {
    super(shell);
  }

  @Override
  Logging logging() {
    return verbose() ? Logging.VERBOSE : Logging.ROLE;
  }

  @Override
  void run() throws IOException, InterruptedException {
    long started = System.nanoTime();
    DemoDirectory place = DemoDirectory.of(directory);
    Logging.toFile(place.path().resolve(LOG_FILE));
    Path models = reference != null ? reference : Installation.reference();
    Watcher watcher = new Watcher(shell(), started);
    watcher.say("starting in " + place.path() + ", log in " + LOG_FILE);
    boolean done = false;
    try (DemoStack stack = DemoStack.start(place.path(), models, watcher)) {
      Demo demo = new Demo(models, stack, watcher);
      DemoResult result = new DemoResult(demo.compress(), demo.edit(), watcher.seconds());
      json.print(shell(), result, DemoTable.text(result));
      done = true;
      if (!exit) {
        stayUp(stack, models, result.edit());
      }
    } catch (StoppedException e) {
      done = true;
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new CommandFailedException(
          "demo failed: %s; its log is %s"
              .formatted(Failure.of(e).line(), place.path().resolve(LOG_FILE)),
          e);
    } finally {
      place.end(done);
    }
  }

  private void stayUp(DemoStack stack, Path models, DemoEdit edit)
      throws IOException, InterruptedException {
    DemoTable.invitation(stack.configFile(), models, edit).forEach(shell()::note);
    while (!shell().stop().await(1)) {
      stack.check();
    }
    shell().note("stopping ...");
  }

  /** Prints what happens and passes the wish to stop on. */
  private record Watcher(Shell shell, long started) implements DemoWatcher {

    @Override
    public void say(String line) {
      shell.note(String.format(Locale.ROOT, "%6.1f s  %s", seconds(), line));
    }

    @Override
    public void check() {
      shell.stop().check();
    }

    double seconds() {
      return (System.nanoTime() - started) / 1e9;
    }
  }
}
