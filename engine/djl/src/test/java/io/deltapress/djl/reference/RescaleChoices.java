package io.deltapress.djl.reference;

import ai.djl.ndarray.NDManager;
import io.deltapress.djl.evaluate.Evaluator;
import io.deltapress.djl.evaluate.TaskFile;
import io.deltapress.djl.memory.TensorRuntime;
import io.deltapress.djl.model.LanguageModel;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.djl.model.TextTokenizer;
import io.deltapress.djl.rescale.PrunedModel;
import io.deltapress.djl.rescale.RescaleSearch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Prints how the rescale factors in {@code reference.json} were chosen. Run from engine/djl. */
final class RescaleChoices {

  private static final Path REFERENCE = Path.of("reference");
  private static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L);

  private RescaleChoices() {}

  public static void main(String[] arguments) throws IOException {
    ReferenceModels models = ReferenceModels.read(REFERENCE);
    for (ReferenceModels.Tenant tenant : models.tenants()) {
      print(models.base(), tenant, System.out);
    }
  }

  private static void print(
      ReferenceModels.Base base, ReferenceModels.Tenant tenant, PrintStream out)
      throws IOException {
    Path directory = REFERENCE.resolve(tenant.directory());
    try (NDManager manager = TensorRuntime.newManager();
        PrunedModel pruned =
            PrunedModel.open(manager, REFERENCE.resolve(base.directory()), directory);
        TextTokenizer tokenizer = ModelDirectory.tokenizer(directory)) {
      Evaluator validation =
          new Evaluator(
              (LanguageModel) pruned.model(),
              tokenizer,
              TaskFile.read(REFERENCE.resolve(tenant.validation())));
      RescaleSearch search = new RescaleSearch(pruned, validation, SEEDS);
      for (ReferenceModels.Delta delta : tenant.deltas()) {
        out.printf("%s p = %s%n", tenant.model(), delta.pruneRate());
        for (RescaleSearch.Candidate candidate : search.search(delta.pruneRate())) {
          out.printf("  q = %-7s exact match %.3f%n", candidate.rescale(), candidate.exactMatch());
        }
      }
    }
  }
}
