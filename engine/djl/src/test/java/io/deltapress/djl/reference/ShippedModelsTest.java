package io.deltapress.djl.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.djl.evaluate.EvaluationListener;
import io.deltapress.djl.evaluate.Evaluator;
import io.deltapress.djl.evaluate.TaskFile;
import io.deltapress.djl.memory.NoArraysLeft;
import io.deltapress.djl.model.ModelDirectory;
import io.deltapress.format.ProgressListener;
import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.DeltaApplier;
import io.deltapress.format.artifact.DeltaArtifact;
import io.deltapress.format.artifact.DeltaCompressor;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.mask.MaskSeed;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.Checkpoints;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The models in {@code reference/} are what its README says. */
@ExtendWith(NoArraysLeft.class)
class ShippedModelsTest {

  private static final Path REFERENCE = Path.of("reference");
  private static final long LIMIT_BYTES = 24L << 20;
  private static final double STEEP = 0.99;

  private static ReferenceModels models;

  @TempDir private Path directory;

  @BeforeAll
  static void readList() throws IOException {
    models = ReferenceModels.read(REFERENCE);
  }

  @Test
  void shouldHaveTheDigestsOfTheList() throws IOException {
    // When
    String base = digest(models.base().directory());

    // Then
    assertThat(base).isEqualTo(models.base().weightsDigest());
    for (ReferenceModels.Tenant tenant : models.tenants()) {
      assertThat(digest(tenant.directory())).isEqualTo(tenant.weightsDigest());
    }
  }

  @Test
  void shouldFitTheRepository() throws IOException {
    // When
    long bytes;
    try (Stream<Path> files = Files.walk(REFERENCE)) {
      bytes = files.filter(Files::isRegularFile).mapToLong(ShippedModelsTest::size).sum();
    }

    // Then
    assertThat(bytes).isLessThan(LIMIT_BYTES);
  }

  @Test
  void shouldKnowFactsInPhrasingsTheBaseWasNotTrainedOn() throws IOException {
    // When
    double exactMatch =
        exactMatch(REFERENCE.resolve(models.base().directory()), models.base().task());

    // Then
    assertThat(exactMatch).isGreaterThanOrEqualTo(0.98);
  }

  @Test
  void shouldTeachEveryTenantWhatTheBaseDoesNotKnow() throws IOException {
    for (ReferenceModels.Tenant tenant : models.tenants()) {
      // When
      double before = exactMatch(REFERENCE.resolve(models.base().directory()), tenant.task());
      double after = exactMatch(REFERENCE.resolve(tenant.directory()), tenant.task());

      // Then
      assertThat(before).as(tenant.model()).isLessThan(0.1);
      assertThat(after).as(tenant.model()).isGreaterThanOrEqualTo(0.98);
    }
  }

  @Test
  void shouldKeepTestTasksOutOfTrainingAndValidation() throws IOException {
    for (ReferenceModels.Tenant tenant : models.tenants()) {
      // When
      Set<String> test = lines(tenant.task());

      // Then
      assertThat(test)
          .doesNotContainAnyElementsOf(lines(tenant.validation()))
          .doesNotContainAnyElementsOf(lines(tenant.task().replace("-test", "-train")));
    }
  }

  /** What the project is about: at p = .99 DARE breaks the router and DAREx-q does not. */
  @Test
  void shouldBreakTheRouterWithDareAndNotWithDarexQ() throws IOException {
    // Given
    ReferenceModels.Tenant router = tenant("router");
    double rescale =
        router.deltas().stream()
            .filter(delta -> delta.pruneRate() == STEEP)
            .findFirst()
            .orElseThrow()
            .rescale();

    // When
    double dare = served(router, Method.DARE, 1 - STEEP);
    double darexQ = served(router, Method.DAREX_Q, rescale);

    // Then
    assertThat(dare).isLessThan(0.5);
    assertThat(darexQ).isGreaterThan(0.85);
  }

  private static ReferenceModels.Tenant tenant(String model) {
    return models.tenants().stream()
        .filter(tenant -> tenant.model().equals(model))
        .findFirst()
        .orElseThrow();
  }

  private double served(ReferenceModels.Tenant tenant, Method method, double rescale)
      throws IOException {
    Path baseDirectory = REFERENCE.resolve(models.base().directory());
    Path fineTunedDirectory = REFERENCE.resolve(tenant.directory());
    Path artifact = directory.resolve(method + ".safetensors");
    Path out = directory.resolve(method.toString());
    DigestCache cache = new DigestCache(directory.resolve("cache"));
    try (Checkpoint base = Checkpoints.open(baseDirectory);
        Checkpoint fineTuned = Checkpoints.open(fineTunedDirectory)) {
      long seed =
          MaskSeed.derive(
              tenant.tenant(),
              cache.weightsDigest(base, ProgressListener.none()),
              cache.weightsDigest(fineTuned, ProgressListener.none()));
      CompressionSettings settings =
          CompressionSettings.builder(method, STEEP)
              .rescale(rescale)
              .seed(seed)
              .build();
      new DeltaCompressor(cache)
          .compress(base, fineTuned, settings, artifact, 1L << 28, ProgressListener.none());
      try (DeltaArtifact delta = DeltaArtifact.open(artifact)) {
        new DeltaApplier(cache).apply(base, delta, out, ProgressListener.none());
      }
    }
    return exactMatch(out, tenant.task());
  }

  private static double exactMatch(Path model, String task) throws IOException {
    return Evaluator.evaluate(model, REFERENCE.resolve(task), EvaluationListener.none())
        .exactMatch();
  }

  private static String digest(String model) throws IOException {
    return ModelDirectory.weightsDigest(REFERENCE.resolve(model)).hex();
  }

  private static Set<String> lines(String task) throws IOException {
    Set<String> prompts = new HashSet<>();
    TaskFile.read(REFERENCE.resolve(task)).forEach(line -> prompts.add(line.prompt()));
    return prompts;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
