package io.deltapress.djl.study;

import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The fine-tunes that ship with the reference models, as a study sees them.
 *
 * @param directory of the reference models
 * @param list what is there
 */
public record ShippedFineTunes(Path directory, ReferenceModels list) {

  private static final String TEST = "-test.jsonl";
  private static final String TRAINING = "-train.jsonl";

  /**
   * Reads the list.
   *
   * @param directory of the reference models
   * @return what is there
   * @throws BadInputException when it is no such directory
   * @throws IOException when the list cannot be read
   */
  public static ShippedFineTunes read(Path directory) throws IOException {
    return new ShippedFineTunes(directory, ReferenceModels.read(directory));
  }

  /**
   * Gives all fine-tunes.
   *
   * @return in the order of the list
   * @throws BadInputException when the training tasks of one cannot be found
   */
  public List<FineTune> all() throws BadInputException {
    List<FineTune> all = new ArrayList<>();
    for (ReferenceModels.Tenant tenant : list.tenants()) {
      all.add(fineTune(tenant));
    }
    return all;
  }

  /**
   * Gives one fine-tune.
   *
   * @param model the model's name
   * @return the fine-tune
   * @throws BadInputException when there is none of that name
   */
  public FineTune of(String model) throws BadInputException {
    for (ReferenceModels.Tenant tenant : list.tenants()) {
      if (tenant.model().equals(model)) {
        return fineTune(tenant);
      }
    }
    throw BadInputException.of(
        directory.resolve(ReferenceModels.NAME),
        "lists no model '" + model + "', which the study needs; use the shipped reference models");
  }

  private FineTune fineTune(ReferenceModels.Tenant tenant) throws BadInputException {
    if (!tenant.task().endsWith(TEST)) {
      throw BadInputException.of(
          directory.resolve(ReferenceModels.NAME),
          "the task of '%s' does not end in %s, so its training tasks cannot be found"
              .formatted(tenant.model(), TEST));
    }
    String stem = tenant.task().substring(0, tenant.task().length() - TEST.length());
    return new FineTune(
        tenant.model(),
        tenant.model().endsWith("-large") ? DeltaKind.LARGE : DeltaKind.SMALL,
        tenant.model(),
        "shipped",
        ReferenceModels.resolve(directory, list.base().directory()),
        ReferenceModels.resolve(directory, tenant.directory()),
        ReferenceModels.resolve(directory, tenant.task()),
        ReferenceModels.resolve(directory, tenant.validation()),
        ReferenceModels.resolve(directory, stem + TRAINING));
  }
}
