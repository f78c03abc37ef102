package io.deltapress.djl.study;

import java.io.IOException;
import java.nio.file.Path;

/** A fine-tune that a study makes itself, with a fixed seed. */
public interface TrainedFineTune {

  /**
   * Names the fine-tune.
   *
   * @return short, unique in the study, usable as a file name
   */
  String name();

  /**
   * Says whether its smallest artifacts are looked for, as those of shipped fine-tunes are.
   *
   * @return false unless it says otherwise
   */
  default boolean sized() {
    return false;
  }

  /**
   * Trains it, or finds it where an earlier run did.
   *
   * @param reference the reference models
   * @param models directory that trained models are kept in
   * @param listener told of the steps
   * @return the fine-tune
   * @throws IOException when something cannot be read or written
   */
  FineTune make(ShippedFineTunes reference, Path models, StudyListener listener) throws IOException;
}
