package io.deltapress.djl.rescale;

/**
 * A value that a search tried.
 *
 * @param value the value
 * @param quality how good it was; the larger, the better
 */
public record Trial(double value, double quality) {}
