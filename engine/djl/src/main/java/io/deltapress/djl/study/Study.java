package io.deltapress.djl.study;

import io.deltapress.djl.reference.ReferenceModels;
import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Runs a study. Results are written as they come, so that a study which was ended goes on where it
 * stopped when it is run again with the same options. Its figures depend neither on the number of
 * threads nor on interruptions.
 */
public final class Study {

  private static final String CELLS = "cells.jsonl";
  private static final String LOCK = "study.lock";
  private static final String SIZES = "sizes.jsonl";

  private final StudyOptions options;
  private final StudyPlan plan;
  private final StudyListener listener;
  private final ReferenceModels list;
  private final ResultLog<CellKey, Cell> cells;
  private final ResultLog<SizeKey, SizeRow> sizes;
  private final ConcurrentHashMap<String, FineTuneFacts> facts = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<CellKey, Cell> measured = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<SizeKey, SizeRow> sized = new ConcurrentHashMap<>();

  private final AtomicInteger reused = new AtomicInteger();

  private Study(StudyOptions options, StudyPlan plan, StudyListener listener) throws IOException {
    this.options = options;
    this.plan = plan;
    this.listener = listener;
    this.list = ReferenceModels.read(options.reference());
    this.cells = ResultLog.open(options.out().resolve(CELLS), Cell.class, Cell::key);
    this.sizes = ResultLog.open(options.out().resolve(SIZES), SizeRow.class, SizeRow::key);
  }

  /**
   * Runs a study, or what is left of it.
   *
   * @param options where and how
   * @param plan what to measure
   * @param listener told of every part
   * @return what was measured, now and before
   * @throws BadInputException when the directory belongs to something else, or a model is unusable
   * @throws IOException when a file cannot be read or written
   */
  public static Measured run(StudyOptions options, StudyPlan plan, StudyListener listener)
      throws IOException {
    prepare(options.out());
    try (FileChannel lock = lock(options.out())) {
      return new Study(options, plan, listener).run();
    }
  }

  /**
   * Everything that was measured, in the order of the plan.
   *
   * @param fineTunes what is known of each fine-tune
   * @param cells one per fine-tune, technique and prune rate
   * @param sizes the smallest artifacts
   * @param generated sizes of artifacts of made-up weights
   * @param reused how many of the cells and sizes an earlier run had measured
   */
  public record Measured(
      List<FineTuneFacts> fineTunes,
      List<Cell> cells,
      List<SizeRow> sizes,
      List<GeneratedSize> generated,
      int reused) {

    /** Makes the lists unmodifiable. */
    public Measured {
      fineTunes = List.copyOf(fineTunes);
      cells = List.copyOf(cells);
      sizes = List.copyOf(sizes);
      generated = List.copyOf(generated);
    }
  }

  private static void prepare(Path out) throws IOException {
    if (Files.isDirectory(out) && !Files.exists(out.resolve(CELLS)) && !isEmpty(out)) {
      throw BadInputException.of(
          out, "holds something else than a study; give a new directory, or that of a study");
    }
    Files.createDirectories(out.resolve("models"));
    if (!Files.exists(out.resolve(CELLS))) {
      Files.createFile(out.resolve(CELLS));
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.findAny().isEmpty();
    }
  }

  private static FileChannel lock(Path out) throws IOException {
    FileChannel channel =
        FileChannel.open(out.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw BadInputException.of(out, "another study is running there; wait, or give another one");
    }
    return channel;
  }

  private Measured run() throws IOException {
    List<FineTune> shipped = ShippedFineTunes.all(options.reference(), list);
    int fineTunes = shipped.size() + plan.trained().size();
    int sizeRows = shipped.size() * plan.sizes().techniques().size() * plan.sizes().values().size();
    int cellsEach = plan.techniques().size() * plan.pruneRates().size();
    listener.begun(fineTunes * (1 + cellsEach) + sizeRows + 1);
    DigestCache digests = new DigestCache(options.out().resolve("digests"));
    StudyWorkers workers =
        new StudyWorkers(
            options.threads(),
            number ->
                new Bench(
                    options.out().resolve("worker-%d.safetensors".formatted(number)),
                    digests,
                    plan.sample()));
    List<StudyWorkers.Job> jobs = new ArrayList<>();
    // One training at a time, from the start: recording gradients is a matter of the whole JVM.
    jobs.addAll(trainings(0));
    for (FineTune fineTune : shipped) {
      jobs.add(bench -> cells(fineTune, bench, true));
    }
    List<GeneratedSize> generated = new ArrayList<>();
    jobs.add(
        bench -> {
          generated.addAll(
              GeneratedPair.sizes(options.out(), plan.sizes(), bench.digests(), listener));
          listener.done();
          return List.of();
        });
    workers.run(jobs);
    return new Measured(
        orderedFacts(shipped), orderedCells(), orderedSizes(), generated, reused.get());
  }

  private List<StudyWorkers.Job> trainings(int next) {
    if (next == plan.trained().size()) {
      return List.of();
    }
    return List.of(
        bench -> {
          FineTune made =
              plan.trained()
                  .get(next)
                  .make(options.reference(), list, options.out().resolve("models"), listener);
          List<StudyWorkers.Job> more = new ArrayList<>(trainings(next + 1));
          more.add(later -> cells(made, later, false));
          return more;
        });
  }

  private List<StudyWorkers.Job> cells(FineTune fineTune, Bench bench, boolean withSizes)
      throws IOException {
    FineTuneFacts known = FineTuneFacts.of(fineTune, bench);
    facts.put(fineTune.name(), known);
    listener.done();
    List<StudyWorkers.Job> jobs = new ArrayList<>();
    for (double pruneRate : plan.pruneRates()) {
      for (Technique technique : plan.techniques()) {
        jobs.add(worker -> cell(fineTune, key(known, technique, pruneRate), worker));
      }
    }
    if (withSizes) {
      for (Technique technique : plan.sizes().techniques()) {
        jobs.add(worker -> sizes(fineTune, known, technique, worker));
      }
    }
    return jobs;
  }

  private CellKey key(FineTuneFacts fineTune, Technique technique, double pruneRate) {
    boolean drawn = technique.drawn() && pruneRate > 0;
    return new CellKey(
        fineTune.name(),
        fineTune.weightsDigest(),
        technique,
        pruneRate,
        drawn ? plan.seeds() : List.of(),
        plan.sample());
  }

  private List<StudyWorkers.Job> cell(FineTune fineTune, CellKey key, Bench bench)
      throws IOException {
    Cell cell = cells.find(key).orElse(null);
    if (cell == null) {
      cell = measure(fineTune, key, bench);
      cells.add(cell);
    } else {
      reused.incrementAndGet();
    }
    measured.put(key, cell);
    listener.done();
    return List.of();
  }

  private Cell measure(FineTune fineTune, CellKey key, Bench bench) throws IOException {
    listener.working(
        "%s, %s, p = %s".formatted(key.fineTune(), key.technique().wireName(), key.pruneRate()));
    RescaleChoice rescale =
        new RescaleSearcher(bench, plan.searchSeeds())
            .choose(fineTune, key.technique(), key.pruneRate());
    List<Measurement> measurements = new ArrayList<>();
    for (long seed : key.seeds().isEmpty() ? List.of(0L) : key.seeds()) {
      measurements.add(
          bench.measure(
              fineTune,
              Artifacts.settings(key.technique(), key.pruneRate(), rescale, seed, ValueCode.EXACT),
              seed));
    }
    return new Cell(key, rescale, measurements);
  }

  private List<StudyWorkers.Job> sizes(
      FineTune fineTune, FineTuneFacts known, Technique technique, Bench bench) throws IOException {
    SizeSearch search = new SizeSearch(bench, plan, fineTune, known, technique);
    for (ValueCode values : plan.sizes().values()) {
      SizeKey key = search.key(values);
      SizeRow row = sizes.find(key).orElse(null);
      if (row == null) {
        listener.working(
            "%s, %s, smallest with %s"
                .formatted(known.name(), technique.wireName(), values.wireName()));
        row = search.smallest(values);
        sizes.add(row);
      } else {
        reused.incrementAndGet();
      }
      sized.put(key, row);
      listener.done();
    }
    return List.of();
  }

  private List<FineTuneFacts> orderedFacts(List<FineTune> shipped) {
    List<String> names = new ArrayList<>(shipped.stream().map(FineTune::name).toList());
    plan.trained().forEach(trained -> names.add(trained.name()));
    return names.stream().map(facts::get).toList();
  }

  private List<Cell> orderedCells() {
    return measured.values().stream()
        .sorted(
            Comparator.comparing((Cell cell) -> cell.key().fineTune())
                .thenComparing(cell -> cell.key().technique())
                .thenComparing(cell -> cell.key().pruneRate()))
        .toList();
  }

  private List<SizeRow> orderedSizes() {
    return sized.values().stream()
        .sorted(
            Comparator.comparing((SizeRow row) -> row.key().fineTune())
                .thenComparing(row -> row.key().technique())
                .thenComparing(row -> row.key().values()))
        .toList();
  }
}
