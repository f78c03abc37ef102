package io.deltapress.app.cli;

import io.deltapress.app.cli.client.Entry;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.TopicReader;
import io.deltapress.format.BadInputException;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code base register}: announces a base, which a worker then checks. */
@Command(
    name = "register",
    description = "Announce a base; submissions may name it once a worker has checked its digest.",
    sortOptions = false)
final class BaseRegisterCommand extends ClientCommand {
  @Parameters(
      index = "0",
      paramLabel = "PATH",
      description = "The base: a safetensors file or a Hugging Face directory.")
  private Path path;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "What people call it.")
  private String name;

  @Option(
      names = "--digest",
      paramLabel = "HEX",
      description = "Its weights digest, if known. Default: computed, which reads all of it once.")
  private @Nullable String digest;

  @Option(
      names = "--location",
      paramLabel = "PATH",
      description = "Where workers and followers find it. Default: the absolute path here.")
  private @Nullable String location;

  @Option(names = "--wait", description = "Wait until a worker has checked it.")
  private boolean wait;

  @Mixin private RequesterOption requester;

  BaseRegisterCommand(Shell shell) {
    super(shell);
  }

  @Override
  void checkArguments() {
    if (digest != null) {
      Digests.require("--digest", digest);
    }
  }

  @Override
  void run(PipelineClient client) throws IOException {
    BaseRegistration registration = registration();
    try (TopicReader<BaseRegistration> bases = client.open(Topics.BASES).fromEnd()) {
      client.send(Topics.BASES, registration.getWeightsDigest(), registration);
      BaseRegistration last = wait ? checked(bases, registration) : registration;
      Document document = Document.of(last);
      json().print(shell(), document, document.text());
      if (last.getStatus() == BaseStatus.REFUSED) {
        throw new BadInputException(
            "base %s was refused: %s".formatted(name, Printable.of("" + last.getRefusal())));
      }
    }
  }

  private BaseRegistration registration() throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(path)) {
      return BaseRegistration.newBuilder()
          .setWeightsDigest(
              digest != null ? digest : new Weights(shell()).digest(name, checkpoint).hex())
          .setName(name)
          .setLocation(location != null ? location : path.toRealPath().toString())
          .setStatus(BaseStatus.REGISTERED)
          .setTensorCount(checkpoint.tensors().size())
          .setParameterCount(Weights.parameters(checkpoint))
          .setTotalBytes(Weights.bytes(checkpoint))
          .setRegisteredBy(requester.name())
          .setRegisteredAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
          .build();
    }
  }

  private BaseRegistration checked(
      TopicReader<BaseRegistration> bases, BaseRegistration registration) {
    shell().note("waiting for a worker to check base " + name + " (Ctrl-C stops waiting)");
    while (true) {
      shell().stop().check();
      for (Entry<BaseRegistration> entry : bases.poll()) {
        BaseStatus status = entry.value().getStatus();
        if (entry.key().equals(registration.getWeightsDigest())
            && (status == BaseStatus.USABLE || status == BaseStatus.REFUSED)) {
          return entry.value();
        }
      }
    }
  }

  private record Document(
      String weightsDigest, String name, String location, String status, @Nullable String refusal) {

    static Document of(BaseRegistration base) {
      return new Document(
          base.getWeightsDigest(),
          base.getName(),
          base.getLocation(),
          base.getStatus().name().toLowerCase(Locale.ROOT),
          base.getRefusal());
    }

    String text() {
      return new TextTable()
          .row("base", name)
          .row("weights digest", weightsDigest)
          .row("location", location)
          .row("status", status)
          .text();
    }
  }
}
