package io.deltapress.app.topology;

/**
 * Every node and every internal topic there is. Names of internal topics are forever; the others
 * may change with the golden file.
 */
final class Nodes {
  /** Nodes of the way in for one kind of requests. */
  record Intake(String source, String decode, String decoded, String deadLettersSink) {
    private static Intake of(String kind) {
      String intake = "intake-" + kind;
      return new Intake(
          intake + "-source",
          intake + "-decode",
          intake + "-decoded",
          intake + "-dead-letters-sink");
    }
  }

  static final Intake INTAKE_DELTAS = Intake.of("deltas");
  static final Intake INTAKE_EDITS = Intake.of("edits");
  static final Intake INTAKE_CONTROLS = Intake.of("controls");
  static final String INTAKE_DELTAS_AND_EDITS = "intake-deltas-and-edits";
  static final String INTAKE_REQUESTS = "intake-requests";

  static final String BASES_SOURCE = "bases-source";
  static final String BASES_DECODE = "bases-decode";
  static final String BASES_DECODED = "bases-decoded";
  static final String BASES_DEAD_LETTERS_SINK = "bases-dead-letters-sink";

  static final String POLICIES_SOURCE = "policies-source";
  static final String POLICIES_DECODE = "policies-decode";
  static final String POLICIES_DECODED = "policies-decoded";
  static final String POLICIES_DEAD_LETTERS_SINK = "policies-dead-letters-sink";
  static final String POLICIES = "policies";
  static final String POLICIES_ACCEPTED = "policies-accepted";
  static final String POLICIES_EVENTS_SINK = "policies-events-sink";

  static final String RESULTS_SOURCE = "results-source";
  static final String RESULTS_DECODE = "results-decode";
  static final String RESULTS_OF_DELTAS = "results-of-deltas";
  static final String RESULTS_OF_BASES = "results-of-bases";
  static final String RESULTS_DEAD_LETTERS_SINK = "results-dead-letters-sink";

  static final String REGISTRAR_REGISTRATIONS = "registrar-registrations";
  static final String REGISTRAR_ANSWERS = "registrar-answers";
  static final String REGISTRAR_INPUTS = "registrar-inputs";
  static final String REGISTRAR = "registrar";
  static final String REGISTRAR_VERDICTS = "registrar-verdicts";
  static final String REGISTRAR_BASES_SINK = "registrar-bases-sink";
  static final String REGISTRAR_TASKS_SINK = "registrar-tasks-sink";
  static final String REGISTRAR_EVENTS_SINK = "registrar-events-sink";
  static final String REGISTRAR_DEAD_LETTERS_SINK = "registrar-dead-letters-sink";

  static final String PLANNER_SUBMISSIONS = "planner-submissions-reopen";
  static final String PLANNER_VERDICTS = "planner-verdicts";
  static final String PLANNER_ANSWERS = "planner-answers-reopen";
  static final String PLANNER_POLICIES = "planner-policies-set";
  static final String PLANNER_VERDICTS_AND_POLICIES = "planner-verdicts-and-policies";
  static final String PLANNER_SUBMISSIONS_AND_VERDICTS = "planner-submissions-and-verdicts";
  static final String PLANNER_INPUTS = "planner-inputs";
  static final String PLANNER = "planner";
  static final String PLANNER_TASKS_SINK = "planner-tasks-sink";
  static final String PLANNER_GATES_SINK = "planner-gates-sink";
  static final String PLANNER_EDITS_SINK = "planner-edits-sink";
  static final String PLANNER_VERSIONS_SINK = "planner-versions-sink";
  static final String PLANNER_HEADS_SINK = "planner-heads-sink";
  static final String PLANNER_EVENTS_SINK = "planner-events-sink";
  static final String PLANNER_REJECTIONS_SINK = "planner-rejections-sink";
  static final String PLANNER_DEAD_LETTERS_SINK = "planner-dead-letters-sink";

  /**
   * Internal topic: requests of all kinds by {@code tenant/model}; its order is the order of the
   * model.
   */
  static final String SUBMISSIONS_BY_MODEL = "submissions-by-model";

  /** Internal topic: registrations of bases by weights digest. */
  static final String BASES_BY_DIGEST = "bases-by-digest";

  /** Internal topic: answers to checks of bases by weights digest. */
  static final String BASE_ANSWERS = "base-answers";

  /** Internal topic: verdicts about bases, each copied to every partition. */
  static final String BASE_VERDICTS = "base-verdicts";

  /** Internal topic: policies that hold from now on, each copied to every partition. */
  static final String POLICIES_IN_FORCE = "policies-in-force";

  private Nodes() {}
}
