package io.deltapress.djl.rescale;

/**
 * A value that a search tried.
 *
 * @param value the value
 * @param figure what was measured with it
 */
public record Trial(double value, double figure) {}
