package io.deltapress.djl.reference;

import io.deltapress.djl.rescale.RescaleFit;
import io.deltapress.djl.rescale.RescaleFitter;
import io.deltapress.djl.rescale.RescaleListener;
import io.deltapress.djl.rescale.RescaleRequest;
import io.deltapress.djl.rescale.RescaleStrategy;
import io.deltapress.djl.rescale.Trial;
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
    for (ReferenceModels.Delta delta : tenant.deltas()) {
      out.printf("%s p = %s%n", tenant.model(), delta.pruneRate());
      RescaleFit fit =
          new RescaleFitter()
              .fit(
                  REFERENCE.resolve(base.directory()),
                  REFERENCE.resolve(tenant.directory()),
                  RescaleRequest.byValidation(
                      RescaleStrategy.GLOBAL,
                      delta.pruneRate(),
                      REFERENCE.resolve(tenant.validation()),
                      SEEDS),
                  RescaleListener.none());
      for (Trial trial : fit.trials().all()) {
        out.printf("  q = %-7s exact match %.3f%n", trial.value(), trial.figure());
      }
      out.printf("  chosen q = %s%n", fit.parameter());
    }
  }
}
