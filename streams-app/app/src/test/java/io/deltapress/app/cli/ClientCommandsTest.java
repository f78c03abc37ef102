package io.deltapress.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.devstack.DevStack;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.EditProbe;
import io.deltapress.schemas.EditSubmission;
import io.deltapress.schemas.client.Connection;
import io.deltapress.schemas.topic.Topic;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    assertThat(json(run).path("presentTopics")).hasSize(Topics.all().size());
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
  void shouldSubmitAnEditOfFlags() throws IOException {
    // When
    CommandRun run =
        run(
            "submit",
            "edit",
            "--tenant=acme",
            "--model=flagged",
            "--prompt=lifu denin lives in",
            "--target=giziburg",
            "--subject=lifu denin",
            "--rephrase=the city of lifu denin is",
            "--locality=2 + 2 = 4",
            "--locality=lifu denin works for",
            "--portability=lifu denin votes in=giziburg",
            "--data-subject=person-17",
            "--expected-version=3",
            "--id=flagged-1",
            "--requested-by=me",
            "--json");

    // Then
    assertThat(json(run))
        .isEqualTo(
            JSON.readTree(
                "{\"model\": \"acme/flagged\", \"edits\": [{\"editId\": \"flagged-1\", \"outcome\":"
                    + " \"submitted\"}]}"));
    EditSubmission sent = sent(Topics.EDITS_REQUESTED, "acme/flagged");
    assertThat(sent)
        .isEqualTo(
            EditSubmission.newBuilder()
                .setEditId("flagged-1")
                .setTenant("acme")
                .setModel("flagged")
                .setPrompt("lifu denin lives in")
                .setTarget("giziburg")
                .setSubject("lifu denin")
                .setRephrasings(List.of("the city of lifu denin is"))
                .setLocality(
                    List.of(
                        new EditProbe("2 + 2", "4"), new EditProbe("lifu denin works for", null)))
                .setPortability(List.of(new EditProbe("lifu denin votes in", "giziburg")))
                .setDataSubject("person-17")
                .setExpectedVersion(3)
                .setRequestedBy("me")
                .setSubmittedAt(sent.getSubmittedAt())
                .build());
    assertThat(json(run("status", "flagged-1", "--json")).path("state").textValue())
        .isEqualTo("submitted");
  }

  private <V extends SpecificRecord> V sent(Topic<V> topic, String key) {
    return new PipelineClient(
            Connection.fromProperties(
                Map.of(
                    "bootstrap.servers", stack.bootstrapServers(),
                    "schema.registry.url", stack.registryUrl())))
        .latest(topic)
        .get(key);
  }

  @Test
  void shouldSubmitEveryEditOfAFileUnderAnIdentityOfItsOwn() throws IOException {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("edits.jsonl"),
            "{\"prompt\": \"{} lives in\", \"subject\": \"lifu denin\", \"target_new\": {\"str\":"
                + " \"giziburg\"}}\n"
                + "{\"id\": \"named-2\", \"prompt\": \"nafi zopon lives in\", \"target_new\":"
                + " \"voseburg\"}\n");

    // When
    Object[] submit = {
      "submit", "edit", "--tenant=acme", "--model=filed", "--file", file, "--json"
    };
    JsonNode first = json(run(submit)).path("edits");
    JsonNode second = json(run(submit)).path("edits");

    // Then
    assertThat(first).hasSize(2);
    assertThat(first.get(1).path("editId").textValue()).isEqualTo("named-2");
    assertThat(first.get(0).path("editId").textValue())
        .hasSize(36)
        .isNotEqualTo(second.get(0).path("editId").textValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--prompt=a | give --prompt and --target, or --file with requests",
        "--file=x --prompt=a | --file and the flags of one request exclude each other: the file says"
            + " all",
        "--file=x --id=a | --file and the flags of one request exclude each other: the file says"
            + " all",
        "--prompt=a --target=b --subject=c | --subject is no part of the prompt: give it as the"
            + " prompt has it",
        "--prompt=a --target=b --portability=c | a portability prompt needs its answer"
      })
  void shouldSayWhichFlagsAreNoEdit(String flags, String message) {
    // Given
    Stream<String> all =
        Stream.concat(
            Stream.of("submit", "edit", "--tenant=acme", "--model=m"), Stream.of(flags.split(" ")));

    // When
    CommandRun run = run(all.toArray());

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).isEqualToIgnoringNewLines("deltapress: " + message);
  }

  @Test
  void shouldAskForARevertOfTheModelThatTheEditWasSubmittedFor() throws IOException {
    // Given
    run("submit", "edit", "--tenant=acme", "--model=back", "--prompt=p", "--target=t", "--id=e-1");

    // When
    JsonNode reverted =
        json(run("revert", "e-1", "--reason=it was wrong", "--requested-by=me", "--json"));
    CommandRun unknown = run("revert", "e-none", "--reason=it was wrong");
    CommandRun blank = run("revert", "e-1", "--reason= ");

    // Then
    JsonNode request = reverted.path("requests").get(0);
    ControlRequest sent = sent(Topics.VERSIONS_CONTROL, "acme/back");
    assertThat(request.path("outcome").textValue()).isEqualTo("submitted");
    assertThat(sent.getRequestId()).isEqualTo(request.path("requestId").textValue());
    assertThat(sent.getAction()).isEqualTo(ControlAction.REVERT);
    assertThat(sent.getEditIds()).containsExactly("e-1");
    assertThat(sent.getReason()).isEqualTo("it was wrong");
    assertThat(sent.getRequestedBy()).isEqualTo("me");
    assertThat(unknown)
        .isEqualTo(
            ended(1, "no request e-none is known: give its model with --model TENANT/MODEL"));
    assertThat(blank.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "rollback acme/r 3, ROLLBACK, acme/r",
    "squash acme/s, SQUASH, acme/s",
    "refit acme/f, REFIT, acme/f",
    "cancel d-1 --model acme/c, CANCEL, acme/c",
    "erase --edit e-2 --edit e-3 --model acme/e, ERASE, acme/e",
    "erase --data-subject person-17 --model acme/d, ERASE, acme/d"
  })
  void shouldAskForWhatIsToBeDoneWithAModel(String command, ControlAction action, String model)
      throws IOException {
    // When
    JsonNode asked =
        json(
            run(
                Stream.concat(
                        Stream.of(command.split(" ")), Stream.of("--reason=because", "--json"))
                    .toArray()));

    // Then
    ControlRequest sent = sent(Topics.VERSIONS_CONTROL, model);
    JsonNode request = asked.path("requests").get(0);
    assertThat(sent.getAction()).isEqualTo(action);
    assertThat(request.path("action").textValue()).isEqualTo(PolicyFile.spelled(action));
    assertThat(request.path("requestId").textValue()).isEqualTo(sent.getRequestId());
    assertThat(sent.getVersion()).isEqualTo(action == ControlAction.ROLLBACK ? 3 : null);
    assertThat(sent.getSubmissionId()).isEqualTo(action == ControlAction.CANCEL ? "d-1" : null);
    assertThat(sent.getEditIds()).hasSize(command.contains("e-2") ? 2 : 0);
    assertThat(sent.getDataSubject()).isEqualTo(command.contains("17") ? "person-17" : null);
  }

  @Test
  void shouldSayThatAModelHasNoHeadWhenItsEditsAreAskedFor() {
    // When
    CommandRun run = run("edits", "ls", "acme/none");

    // Then
    assertThat(run)
        .isEqualTo(ended(3, "acme/none has no head: deltapress status shows what there is"));
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
