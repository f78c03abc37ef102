package io.deltapress.app.cli;

import io.deltapress.app.cli.client.ModelLookup;
import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.app.cli.client.SubmissionOutcome;
import io.deltapress.format.BadInputException;
import io.deltapress.schemas.ControlAction;
import io.deltapress.schemas.ControlRequest;
import io.deltapress.schemas.ReasonCode;
import io.deltapress.schemas.topic.ModelKey;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code erase}: removes edits and what they hold of a person. */
@Command(
    name = "erase",
    description =
        "Remove edits for a person's sake: their versions are revoked, and the model is built"
            + " without them.",
    sortOptions = false)
final class EraseCommand extends ControlCommand {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private What what;

  @Option(
      names = "--model",
      paramLabel = "TENANT/MODEL",
      description =
          "The model. Default: with --edit looked up in the topics, with --data-subject every model"
              + " that may hold data of the person.")
  private @Nullable String model;

  private static final class What {
    @Option(names = "--edit", paramLabel = "EDIT", description = "An edit; may be repeated.")
    private List<String> edits = List.of();

    @Option(
        names = "--data-subject",
        paramLabel = "ID",
        description = "Every edit that was submitted as holding data of this person.")
    private @Nullable String dataSubject;
  }

  EraseCommand(Shell shell) {
    super(shell, ControlAction.ERASE);
  }

  @Override
  List<ControlRequest.Builder> requests(PipelineClient client) throws IOException {
    if (what.dataSubject == null) {
      return byModel(client, model, what.edits).entrySet().stream()
          .map(of -> about(of.getKey()).setEditIds(of.getValue()))
          .toList();
    }
    return models(client, what.dataSubject).stream()
        .map(key -> about(key).setDataSubject(what.dataSubject))
        .toList();
  }

  private Collection<ModelKey> models(PipelineClient client, String person) throws IOException {
    if (model != null) {
      return List.of(Models.parse(model));
    }
    Collection<ModelKey> models = ModelLookup.of(client).modelsOfPerson(person);
    if (models.isEmpty()) {
      throw new BadInputException("no model has live edits, so that there is nothing to erase");
    }
    return models;
  }

  /** All models were asked that may hold data of the person, and some of them do not. */
  @Override
  boolean isPassable(SubmissionOutcome end, Collection<SubmissionOutcome> all) {
    return what.dataSubject != null
        && model == null
        && end instanceof SubmissionOutcome.Rejected rejected
        && rejected.reasonCode().equals(ReasonCode.UNKNOWN_EDIT.name())
        && all.stream().anyMatch(SubmissionOutcome.Published.class::isInstance);
  }
}
