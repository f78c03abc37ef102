package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.app.devstack.DevStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Clients against a broker and a registry that are set up, with no role running. */
@TestInstance(Lifecycle.PER_CLASS)
class ClientCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Path directory;
  private DevStack stack;
  private Path config;
  private Path weights;

  @BeforeAll
  void startStack(@TempDir Path temporary) throws IOException {
    directory = temporary;
    stack = DevStack.start(directory.resolve("stack"));
    config =
        Files.writeString(
            directory.resolve("deltapress.properties"),
            "bootstrap.servers=%s\nschema.registry.url=%s\npartitions=2\nbases.roots=/weights\n"
                .formatted(stack.bootstrapServers(), stack.registryUrl()));
    weights = WeightsFile.write(directory.resolve("weights.safetensors"), 1);
    assertThat(run("setup").exitCode()).isZero();
  }

  @AfterAll
  void stopStack() throws IOException {
    stack.close();
  }

  @Test
  void shouldFindNothingToDoWhenSetUpAgain() throws IOException {
    // When
    CommandRun run = run("setup", "--json");

    // Then
    assertThat(json(run).path("createdTopics")).isEmpty();
    assertThat(json(run).path("presentTopics")).hasSize(13);
    assertThat(json(run).path("registeredSchemas")).isEmpty();
  }

  @Test
  void shouldShowABaseWhenItWasRegistered() throws IOException {
    // Given
    CommandRun registered =
        run("base", "register", weights, "--name", "shown", "--requested-by", "me", "--json");

    // When
    CommandRun status = run("status", "--json");

    // Then
    JsonNode base = base(json(status), "shown");
    assertThat(base.path("weightsDigest")).isEqualTo(json(registered).path("weightsDigest"));
    assertThat(base.path("status").textValue()).isEqualTo("registered");
    assertThat(base.path("location").textValue()).isEqualTo(weights.toRealPath().toString());
    assertThat(base.path("parameters").longValue())
        .isEqualTo((long) WeightsFile.COLUMNS * (WeightsFile.ROWS + 1));
  }

  @Test
  void shouldShowASubmissionAsSubmittedWhenNoTopologyRuns() throws IOException {
    // Given
    run("base", "register", weights, "--name", "named", "--location", "/elsewhere");
    CommandRun submitted =
        run(
            "submit",
            "delta",
            "--tenant",
            "acme",
            "--model",
            "router",
            "--base",
            "named",
            "--fine-tuned",
            weights,
            "--method",
            "darex-q",
            "--rescale",
            "0.03",
            "--json");
    String id = json(submitted).path("submissionId").textValue();

    // When
    CommandRun status = run("status", id, "--json");

    // Then
    assertThat(json(submitted).path("method").textValue()).isEqualTo("darex-q");
    assertThat(json(submitted).path("outcome").textValue()).isEqualTo("submitted");
    assertThat(json(status))
        .isEqualTo(
            JSON.createObjectNode()
                .put("submissionId", id)
                .put("model", "acme/router")
                .put("state", "submitted")
                .set("events", JSON.createArrayNode()));
  }

  @Test
  void shouldListAPolicyUntilItIsRemoved() throws IOException {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("policy.json"),
            "{\"canaries\": [{\"name\": \"tickets\", \"tasks\": \"tasks/t.jsonl\"}]}");
    CommandRun set = run("policy", "set", "--scope", "acme", "--file", file, "--json");

    // When
    CommandRun listed = run("policy", "ls", "--json");
    CommandRun table = run("policy", "ls");
    CommandRun removed = run("policy", "remove", "--scope", "acme");
    CommandRun again = run("policy", "remove", "--scope", "acme");

    // Then
    assertThat(json(listed).path("policies")).containsExactly(json(set));
    assertThat(json(set).path("scope").textValue()).isEqualTo("acme");
    assertThat(table.out()).contains("0.99 0.95 0.9 whole");
    assertThat(removed.out()).isEqualTo("removed the policy of acme" + System.lineSeparator());
    assertThat(run("policy", "ls").out()).isEqualTo("no policy is set" + System.lineSeparator());
    assertThat(again.exitCode()).isEqualTo(3);
  }

  @Test
  void shouldSendNoPolicyThatBreaksARule() throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("broken.json"), "{\"largestDrop\": 2}");

    // When
    CommandRun run = run("policy", "set", "--scope", "acme", "--file", file);
    CommandRun scope = run("policy", "set", "--scope", "A/B/C", "--file", file);

    // Then
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "deltapress: %s: largestDrop 2.0 is no share: use 0 to 1, 0.01 for a point"
                .formatted(file));
    assertThat(scope.exitCode()).isEqualTo(2);
  }

  @Test
  void shouldLeaveCompressionToThePolicyOrSayItButNotBoth() throws IOException {
    // Given
    run("base", "register", weights, "--name", "of-policy", "--location", "/elsewhere");
    Object[] submit = {
      "submit",
      "delta",
      "--tenant",
      "acme",
      "--model",
      "left",
      "--base",
      "of-policy",
      "--fine-tuned",
      weights,
      "--policy",
      "--json"
    };
    Object[] both = Arrays.copyOf(submit, submit.length + 2);
    both[submit.length] = "--prune-rate";
    both[submit.length + 1] = "0.9";

    // When
    CommandRun left = run(submit);
    CommandRun refused = run(both);

    // Then
    assertThat(json(left).path("usePolicy").booleanValue()).isTrue();
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("--prune-rate and --policy exclude each other: the policy says how to compress");
  }

  @Test
  void shouldNameTheBasesThereAreWhenOneIsUnknown() {
    // Given
    run("base", "register", weights, "--name", "known");

    // When
    CommandRun run =
        run(
            "submit",
            "delta",
            "--tenant",
            "acme",
            "--model",
            "router",
            "--base",
            "strange",
            "--fine-tuned",
            weights);

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("deltapress: no base is registered under the name strange; there is ")
        .contains("known")
        .hasLineCount(1);
  }

  @Test
  void shouldSayThatNothingIsKnownWhenAModelOrSubmissionIsNot() {
    // When
    CommandRun versions = run("versions", "acme/none");
    CommandRun model = run("status", "acme/none");
    CommandRun submission = run("status", "no-such-submission");

    // Then
    assertThat(versions)
        .isEqualTo(ended(3, "acme/none has no version: deltapress status shows what there is"));
    assertThat(model)
        .isEqualTo(
            ended(3, "nothing is known of acme/none: deltapress status shows what there is"));
    assertThat(submission)
        .isEqualTo(
            ended(
                3,
                "no submission no-such-submission is known: deltapress status shows what there"
                    + " is"));
  }

  @Test
  void shouldEndAtOnceWhenWatchingIsStopped() {
    // Given
    Stop stop = new Stop();
    stop.request(130);

    // When
    CommandRun run =
        CommandRun.of(Map.of("DELTAPRESS_CONFIG", config.toString()), stop, "watch", "acme/router");

    // Then
    assertThat(run)
        .isEqualTo(
            new CommandRun(0, "", "watching acme/router (Ctrl-C stops)" + System.lineSeparator()));
  }

  @Test
  void shouldSayWhichBrokerDoesNotAnswerWhenNoneDoes() throws IOException {
    // Given
    Path dead =
        Files.writeString(
            directory.resolve("dead.properties"),
            "bootstrap.servers=127.0.0.1:1\nschema.registry.url=http://127.0.0.1:1\n");

    // When
    CommandRun run = CommandRun.of("status", "--config", dead.toString());

    // Then
    assertThat(run)
        .isEqualTo(
            ended(
                1,
                "no answer from broker 127.0.0.1:1 within 10 s: start it, or correct"
                    + " bootstrap.servers"));
  }

  @Test
  void shouldNameTheTopicWhenThePipelineWasNotSetUp() throws IOException {
    // Given
    Path other =
        Files.writeString(
            directory.resolve("other.properties"),
            Files.readString(config) + "topic.prefix=other.\n");

    // When
    CommandRun run = CommandRun.of("versions", "a/b", "--config", other.toString());

    // Then
    assertThat(run)
        .isEqualTo(
            ended(
                1,
                "topic other.serving.versions does not exist at %s: run deltapress setup, or"
                        .formatted(stack.bootstrapServers())
                    + " correct topic.prefix"));
  }

  private CommandRun run(Object... arguments) {
    Map<String, String> environment =
        Map.of(
            "DELTAPRESS_CONFIG",
            config.toString(),
            "DELTAPRESS_CACHE",
            directory.resolve("cache").toString());
    return CommandRun.of(
        environment, new Stop(), Stream.of(arguments).map(Object::toString).toArray(String[]::new));
  }

  private static CommandRun ended(int exitCode, String line) {
    return new CommandRun(exitCode, "", "deltapress: " + line + System.lineSeparator());
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private static JsonNode base(JsonNode status, String name) {
    for (JsonNode base : status.path("bases")) {
      if (base.path("name").textValue().equals(name)) {
        return base;
      }
    }
    throw new AssertionError("no base " + name + " in " + status);
  }
}
