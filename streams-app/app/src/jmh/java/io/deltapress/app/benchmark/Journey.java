package io.deltapress.app.benchmark;

import java.util.Map;

/**
 * One edit, from its request to the served answer.
 *
 * @param cold whether it was the first of its model, for which the worker loads the model
 * @param stages milliseconds by stage, in order
 * @param milliseconds all of it
 */
record Journey(boolean cold, Map<String, Double> stages, double milliseconds) {}
