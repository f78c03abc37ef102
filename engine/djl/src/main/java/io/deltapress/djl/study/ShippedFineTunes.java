package io.deltapress.djl.study;

import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.format.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fine-tunes that ship with the reference models, as a study sees them. */
final class ShippedFineTunes {

  private static final String TEST = "-test.jsonl";
  private static final String TRAINING = "-train.jsonl";

  private ShippedFineTunes() {}

  static List<FineTune> all(Path reference, ReferenceModels list) throws BadInputException {
    List<FineTune> all = new ArrayList<>();
    for (ReferenceModels.Tenant tenant : list.tenants()) {
      all.add(of(reference, list, tenant.model()));
    }
    return all;
  }

  static FineTune of(Path reference, ReferenceModels list, String model) throws BadInputException {
    for (ReferenceModels.Tenant tenant : list.tenants()) {
      if (tenant.model().equals(model)) {
        return fineTune(reference, list.base(), tenant);
      }
    }
    throw BadInputException.of(
        reference.resolve(ReferenceModels.NAME),
        "lists no model '" + model + "', which the study needs; use the shipped reference models");
  }

  private static FineTune fineTune(
      Path reference, ReferenceModels.Base base, ReferenceModels.Tenant tenant)
      throws BadInputException {
    if (!tenant.task().endsWith(TEST)) {
      throw BadInputException.of(
          reference.resolve(ReferenceModels.NAME),
          "task of '%s' does not end in %s, so its training tasks cannot be found"
              .formatted(tenant.model(), TEST));
    }
    String stem = tenant.task().substring(0, tenant.task().length() - TEST.length());
    return new FineTune(
        tenant.model(),
        tenant.model().endsWith("-large") ? DeltaKind.LARGE : DeltaKind.SMALL,
        tenant.model(),
        "shipped",
        ReferenceModels.resolve(reference, base.directory()),
        ReferenceModels.resolve(reference, tenant.directory()),
        ReferenceModels.resolve(reference, tenant.task()),
        ReferenceModels.resolve(reference, tenant.validation()),
        ReferenceModels.resolve(reference, stem + TRAINING));
  }
}
