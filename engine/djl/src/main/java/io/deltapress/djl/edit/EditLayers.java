package io.deltapress.djl.edit;

import io.deltapress.djl.model.LinearLayer;
import io.deltapress.djl.model.TransformerModel;
import io.deltapress.format.BadInputException;
import io.deltapress.format.artifact.NameFilter;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Chooses which linear layers of a model are edited. */
public final class EditLayers {

  /** How many of the last blocks are edited unless told otherwise, as MEND's authors do. */
  private static final int LAST_BLOCKS = 3;

  private static final Pattern FEED_FORWARD =
      Pattern.compile(".*\\.mlp\\..*|.*\\.intermediate\\.dense\\..*|.*\\d\\.output\\.dense\\..*");

  private static final Pattern FEED_FORWARD_OUTPUT =
      Pattern.compile(".*\\.mlp\\.(down_proj|c_proj)\\..*|.*\\d\\.output\\.dense\\..*");

  private static final Pattern ANSWERING =
      Pattern.compile(
          FEED_FORWARD.pattern()
              + "|.*\\.self_attn\\.[vo]_proj\\..*|.*\\.attn\\.c_proj\\..*"
              + "|.*\\.attention\\.self\\.value\\..*|.*\\.attention\\.output\\.dense\\..*");

  private EditLayers() {}

  /**
   * Gives the feed-forward matrices of the last three blocks.
   *
   * @param model any model
   * @return layers in the order of the forward pass
   */
  public static List<LinearLayer> feedForward(TransformerModel model) {
    return lastBlocks(model, FEED_FORWARD);
  }

  /**
   * Gives the matrices that the feed-forwards of the last three blocks end with.
   *
   * @param model any model
   * @return layers in the order of the forward pass
   */
  public static List<LinearLayer> feedForwardOutputs(TransformerModel model) {
    return lastBlocks(model, FEED_FORWARD_OUTPUT);
  }

  /**
   * Gives the matrices of the last half of the blocks that a token's own output passes through on
   * its way to the answer: those of the feed-forwards, and of attention the values' and the last
   * one. Queries and keys are not among them: they decide where other tokens look too.
   *
   * @param model any model
   * @return layers in the order of the forward pass
   */
  public static List<LinearLayer> answering(TransformerModel model) {
    return lastBlocks(model, ANSWERING, (model.config().layers() + 1) / 2);
  }

  /** The layers that globs name; without globs an editor's usual ones. */
  static List<LinearLayer> chosen(
      TransformerModel model,
      List<String> globs,
      Function<TransformerModel, List<LinearLayer>> usual)
      throws BadInputException {
    return globs.isEmpty() ? usual.apply(model) : matching(model, globs);
  }

  private static List<LinearLayer> lastBlocks(TransformerModel model, Pattern names) {
    return lastBlocks(model, names, LAST_BLOCKS);
  }

  private static List<LinearLayer> lastBlocks(TransformerModel model, Pattern names, int last) {
    List<LinearLayer> layers = model.linearLayers();
    int blocks = model.config().layers();
    int first = layers.size() / blocks * Math.max(0, blocks - last);
    return layers.subList(first, layers.size()).stream()
        .filter(layer -> names.matcher(layer.weight()).matches())
        .toList();
  }

  /**
   * Gives the layers whose weights' names match.
   *
   * @param model any model
   * @param globs patterns, {@code *} for any characters and {@code ?} for one; at least one
   * @return layers in the order of the forward pass, at least one
   * @throws BadInputException when no linear layer of the blocks matches
   */
  public static List<LinearLayer> matching(TransformerModel model, List<String> globs)
      throws BadInputException {
    NameFilter filter = new NameFilter(globs, List.of());
    List<LinearLayer> layers =
        model.linearLayers().stream().filter(layer -> filter.accepts(layer.weight())).toList();
    if (layers.isEmpty()) {
      throw new BadInputException(
          "no linear layer of the model has a weight that matches %s; the first is %s"
              .formatted(String.join(", ", globs), model.linearLayers().get(0).weight()));
    }
    return layers;
  }

  /**
   * Finds layers by name.
   *
   * @param model any model
   * @param weights names of matrices
   * @return layers in the order of the forward pass
   * @throws BadInputException naming the one that the model has not
   */
  static List<LinearLayer> named(TransformerModel model, List<String> weights)
      throws BadInputException {
    List<LinearLayer> layers =
        model.linearLayers().stream().filter(layer -> weights.contains(layer.weight())).toList();
    for (String weight : weights) {
      if (layers.stream().noneMatch(layer -> layer.weight().equals(weight))) {
        throw new BadInputException(
            "tensor %s: no linear layer of the model; give the model the editor was made for"
                .formatted(BadInputException.quote(weight)));
      }
    }
    return layers;
  }
}
