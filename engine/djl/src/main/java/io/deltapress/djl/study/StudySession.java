package io.deltapress.djl.study;

import io.deltapress.format.artifact.ValueCode;
import io.deltapress.format.tensor.DigestCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One run of a study: makes jobs, and collects what comes of them. */
final class StudySession {

  private final StudyOptions options;
  private final StudyPlan plan;
  private final StudyDirectory directory;
  private final StudyListener listener;
  private final ShippedFineTunes reference;
  private final ResultLog<CellKey, Cell> cellLog;
  private final ResultLog<SizeKey, SizeRow> sizeLog;
  private final Map<String, FineTuneFacts> facts = new ConcurrentHashMap<>();
  private final Map<CellKey, Cell> cells = new ConcurrentHashMap<>();
  private final Map<SizeKey, SizeRow> sizes = new ConcurrentHashMap<>();
  private final List<GeneratedSize> generated = new ArrayList<>();
  private final AtomicInteger reused = new AtomicInteger();

  StudySession(
      StudyOptions options, StudyPlan plan, StudyDirectory directory, StudyListener listener)
      throws IOException {
    this.options = options;
    this.plan = plan;
    this.directory = directory;
    this.listener = listener;
    this.reference = ShippedFineTunes.read(options.reference());
    this.cellLog = ResultLog.open(directory.cells(), Cell.class, Cell::key);
    this.sizeLog = ResultLog.open(directory.sizes(), SizeRow.class, SizeRow::key);
  }

  Study.Measured run() throws IOException {
    List<FineTune> shipped = reference.all();
    listener.begun(parts(shipped.size()));
    DigestCache digests = new DigestCache(directory.digests());
    List<StudyWorkers.Job> jobs = new ArrayList<>(training(0));
    for (FineTune fineTune : shipped) {
      jobs.add(bench -> fineTune(fineTune, bench, true));
    }
    jobs.add(this::generated);
    new StudyWorkers(options.threads(), worker -> new Bench(directory.artifact(worker), digests))
        .run(jobs);
    return new Study.Measured(
        factsInOrder(shipped),
        cellsInOrder(shipped),
        sizesInOrder(shipped),
        generated,
        reused.get());
  }

  private int parts(int shipped) {
    int fineTunes = shipped + plan.trained().size();
    int cellsEach = plan.techniques().size() * plan.pruneRates().size();
    int sizeRows = plan.sizes().techniques().size() * plan.sizes().values().size();
    long sized = shipped + plan.trained().stream().filter(TrainedFineTune::sized).count();
    return fineTunes * (1 + cellsEach) + Math.toIntExact(sized * sizeRows) + 1;
  }

  /** Trains the next one, then those after it: a training is always under way, never two. */
  private List<StudyWorkers.Job> training(int next) {
    if (next == plan.trained().size()) {
      return List.of();
    }
    return List.of(
        StudyWorkers.Job.exclusive(
            bench -> {
              TrainedFineTune recipe = plan.trained().get(next);
              FineTune made = recipe.make(reference, directory.models(), listener);
              List<StudyWorkers.Job> more = new ArrayList<>(training(next + 1));
              more.add(later -> fineTune(made, later, recipe.sized()));
              return more;
            }));
  }

  private List<StudyWorkers.Job> fineTune(FineTune whole, Bench bench, boolean withSizes)
      throws IOException {
    listener.working("looking at " + whole.name());
    FineTune fineTune = whole.sampled(directory.tasks(), plan.sample());
    FineTuneFacts known = FineTuneFacts.of(fineTune, bench);
    facts.put(known.name(), known);
    listener.done();
    List<StudyWorkers.Job> jobs = new ArrayList<>();
    for (double pruneRate : plan.pruneRates()) {
      for (Technique technique : plan.techniques()) {
        CellKey key = key(known, technique, pruneRate);
        StudyWorkers.Job job = worker -> cell(fineTune, key, worker);
        boolean descends =
            technique.rescaling() == Technique.Rescaling.GRADIENT
                && pruneRate > 0
                && cellLog.find(key).isEmpty();
        jobs.add(descends ? StudyWorkers.Job.exclusive(job) : job);
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
    Cell cell = cellLog.find(key).orElse(null);
    if (cell == null) {
      cell = measure(fineTune, key, bench);
      cellLog.add(cell);
    } else {
      reused.incrementAndGet();
    }
    cells.put(key, cell);
    listener.done();
    return List.of();
  }

  private Cell measure(FineTune fineTune, CellKey key, Bench bench) throws IOException {
    String text =
        "%s, %s, p = %s".formatted(key.fineTune(), key.technique().wireName(), key.pruneRate());
    listener.working(text);
    RescaleChoice rescale =
        new RescaleSearcher(bench, plan.searchSeeds(), listener)
            .choose(fineTune, key.technique(), key.pruneRate());
    List<Measurement> measurements = new ArrayList<>();
    for (long seed : key.seeds().isEmpty() ? List.of(0L) : key.seeds()) {
      listener.working(text);
      measurements.add(
          bench.measure(
              fineTune,
              bench.settings(
                  fineTune, key.technique(), key.pruneRate(), rescale, seed, ValueCode.EXACT),
              seed));
    }
    return new Cell(key, rescale, measurements);
  }

  private List<StudyWorkers.Job> sizes(
      FineTune fineTune, FineTuneFacts known, Technique technique, Bench bench) throws IOException {
    SizeSearch search = new SizeSearch(bench, plan, listener, fineTune, known, technique);
    for (ValueCode values : plan.sizes().values()) {
      SizeKey key = search.key(values);
      SizeRow row = sizeLog.find(key).orElse(null);
      if (row == null) {
        row = search.smallest(values);
        sizeLog.add(row);
      } else {
        reused.incrementAndGet();
      }
      sizes.put(key, row);
      listener.done();
    }
    return List.of();
  }

  private List<StudyWorkers.Job> generated(Bench bench) throws IOException {
    generated.addAll(
        GeneratedPair.sizes(directory.path(), plan.sizes(), bench.digests(), listener));
    listener.done();
    return List.of();
  }

  private List<String> names(List<FineTune> shipped) {
    List<String> names = new ArrayList<>(shipped.stream().map(FineTune::name).toList());
    plan.trained().forEach(trained -> names.add(trained.name()));
    return names;
  }

  private List<FineTuneFacts> factsInOrder(List<FineTune> shipped) {
    return names(shipped).stream().map(facts::get).toList();
  }

  private List<Cell> cellsInOrder(List<FineTune> shipped) {
    List<String> names = names(shipped);
    return sorted(
        cells.values(),
        Comparator.comparing((Cell cell) -> names.indexOf(cell.key().fineTune()))
            .thenComparing(cell -> cell.key().technique())
            .thenComparing(cell -> cell.key().pruneRate()));
  }

  private List<SizeRow> sizesInOrder(List<FineTune> shipped) {
    List<String> names = names(shipped);
    return sorted(
        sizes.values(),
        Comparator.comparing((SizeRow row) -> names.indexOf(row.key().fineTune()))
            .thenComparing(row -> row.key().technique())
            .thenComparing(row -> row.key().values()));
  }

  private static <T> List<T> sorted(Collection<T> all, Comparator<T> order) {
    return all.stream().sorted(order).toList();
  }
}
