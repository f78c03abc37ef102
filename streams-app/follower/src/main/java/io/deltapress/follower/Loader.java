package io.deltapress.follower;

import io.deltapress.follower.follow.Goal;
import io.deltapress.follower.follow.OneLine;
import io.deltapress.follower.follow.ServingView;
import io.deltapress.follower.follow.StopSignal;
import io.deltapress.follower.materialise.LoadedVersion;
import io.deltapress.follower.materialise.Materialiser;
import io.deltapress.follower.report.FollowerListener;
import io.deltapress.follower.report.StatusReporter;
import io.deltapress.schemas.FollowerState;
import io.deltapress.schemas.topic.ModelKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes models from the queue, one at a time, and brings each to its goal. What goes wrong with one
 * model is reported and tried again; the others go on.
 */
final class Loader {
  private static final Logger LOGGER = LoggerFactory.getLogger(Loader.class);

  private final LoadQueue queue;
  private final ServingView view;
  private final Materialiser materialiser;
  private final StatusReporter status;
  private final FollowerListener listener;
  private final StopSignal stop;
  private final Set<ModelKey> recovered = new HashSet<>();
  private final Map<ModelKey, String> told = new HashMap<>();
  private final Map<ModelKey, Integer> failedHeads = new HashMap<>();

  Loader(
      LoadQueue queue,
      ServingView view,
      Materialiser materialiser,
      StatusReporter status,
      FollowerListener listener,
      StopSignal stop) {
    this.queue = queue;
    this.view = view;
    this.materialiser = materialiser;
    this.status = status;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * Works until the signal to stop.
   *
   * @throws CancellationException when the signal is given
   */
  void run() throws InterruptedException {
    while (true) {
      ModelKey model = queue.take();
      Goal goal = view.goal(model);
      try {
        bringTo(model, goal);
        queue.settled(model);
      } catch (CancellationException e) {
        stop.check();
      } catch (IOException | KafkaException e) {
        stop.check();
        failed(model, goal, OneLine.of(String.valueOf(e.getMessage())));
      } catch (RuntimeException e) { // A fault in one model's data must not end the others.
        stop.check();
        LOGGER.error("Loading {} failed unexpectedly", model, e);
        failed(model, goal, OneLine.of(e.toString()));
      }
    }
  }

  private void bringTo(ModelKey model, Goal goal) throws IOException {
    if (recovered.add(model)) {
      materialiser.recover(model);
    }
    if (goal instanceof Goal.Loading loading) {
      load(model, loading);
    } else if (goal instanceof Goal.Waiting waiting) {
      skip(model, goal, FollowerState.LOADING, waiting.reason());
    } else if (goal instanceof Goal.Refused refused) {
      skip(model, goal, FollowerState.FAILED, refused.reason());
    }
  }

  private void load(ModelKey model, Goal.Loading goal) throws IOException {
    Optional<LoadedVersion> served = materialiser.served(goal);
    if (served.isEmpty() && !isRetry(model, goal)) {
      LOGGER.info("Loading version {} of {}", goal.headVersion(), model);
      report(model, goal, FollowerState.LOADING, null);
      listener.loading(model, goal.headVersion());
    }
    LoadedVersion loaded = served.isPresent() ? served.get() : materialiser.load(goal);
    failedHeads.remove(model);
    report(model, goal, FollowerState.LOADED, null);
    if (isNews(model, "loaded " + goal.version().getSubmissionId() + goal.headVersion())) {
      LOGGER.info(
          "Version {} of {} is served ({}, fetched in {} ms, built in {} ms): {}",
          loaded.version(),
          model,
          loaded.origin(),
          loaded.fetching().toMillis(),
          loaded.building().toMillis(),
          loaded.directory());
      listener.loaded(loaded);
    }
  }

  private void skip(ModelKey model, Goal goal, FollowerState state, String reason)
      throws IOException {
    report(model, goal, state, reason);
    if (isNews(model, "skipped " + reason)) {
      LOGGER.info("Not loading the head of {}: {}", model, reason);
      listener.skipped(model, goal.headVersion(), reason);
    }
  }

  private void failed(ModelKey model, Goal goal, String why) {
    queue.failed(model);
    failedHeads.put(model, goal.headVersion());
    String message =
        "Version %d of %s cannot be loaded: %s".formatted(goal.headVersion(), model, why);
    try {
      report(model, goal, FollowerState.FAILED, message);
    } catch (IOException e) {
      LOGGER.warn("The served version of {} cannot be told: {}", model, e.getMessage());
    }
    if (isNews(model, message)) {
      LOGGER.warn("{}", message);
      listener.failed(model, goal.headVersion(), message);
    }
  }

  private void report(ModelKey model, Goal goal, FollowerState state, @Nullable String message)
      throws IOException {
    status.report(model, materialiser.served(model).orElse(0), goal.headVersion(), state, message);
  }

  /** A head that could not be loaded is FAILED until it is loaded, however often it is tried. */
  private boolean isRetry(ModelKey model, Goal goal) {
    return Objects.equals(failedHeads.get(model), goal.headVersion());
  }

  /** The same failure many times in a row is told once. */
  private boolean isNews(ModelKey model, String news) {
    return !news.equals(told.put(model, news));
  }
}
