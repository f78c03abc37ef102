package io.deltapress.djl.edit;

import ai.djl.ndarray.types.Shape;
import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;

/**
 * The sizes of a layer: what layers of one editor network, or of one normaliser, have in common.
 *
 * @param inputs length of a key
 * @param outputs length of a value
 */
record LayerShape(int inputs, int outputs) implements Comparable<LayerShape> {

  static LayerShape of(TransformerModel model, LinearLayer layer) {
    Shape matrix = model.weights().get(layer.weight()).getShape();
    return new LayerShape(
        Math.toIntExact(layer.inputs(matrix)), Math.toIntExact(layer.outputs(matrix)));
  }

  static LayerShape of(KeyValueRows rows) {
    return new LayerShape(rows.inputs(), rows.outputs());
  }

  /** Reads what {@link #toString} wrote. */
  static LayerShape parse(String text) throws BadInputException {
    String[] sizes = text.split("x", -1);
    try {
      return new LayerShape(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new BadInputException(
          "%s is no shape of a layer; give what the editor wrote"
              .formatted(BadInputException.quote(text)),
          e);
    }
  }

  int dimensions() {
    return inputs + outputs;
  }

  @Override
  public int compareTo(LayerShape other) {
    int byInputs = Integer.compare(inputs, other.inputs);
    return byInputs != 0 ? byInputs : Integer.compare(outputs, other.outputs);
  }

  @Override
  public String toString() {
    return inputs + "x" + outputs;
  }
}
