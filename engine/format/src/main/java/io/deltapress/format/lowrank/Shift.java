package io.deltapress.format.lowrank;

/** What is to be added to the elements of a matrix. */
public interface Shift {

  /**
   * Adds a run of its elements to values, each with one addition in binary64.
   *
   * @param first row-major index of the first element
   * @param values to which they are added, from index 0 on
   * @param count how many
   */
  void addTo(long first, double[] values, int count);
}
