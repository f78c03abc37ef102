package io.deltapress.djl.world;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Describes a {@code tokenizer.json} that has one token per word, split at white space. */
public final class WordLevelTokenizer {

  /** Id of the token for words outside the vocabulary. */
  public static final int UNKNOWN = 0;

  /** Id of the token that starts every sequence. */
  public static final int BEGIN = 1;

  /** Id of the token that ends every answer. */
  public static final int END = 2;

  private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>");

  private WordLevelTokenizer() {}

  /**
   * Says how many ids a tokenizer of these words has.
   *
   * @param words the vocabulary without special tokens
   * @return number of token ids
   */
  public static int size(List<String> words) {
    return SPECIAL.size() + words.size();
  }

  /**
   * Describes the tokenizer.
   *
   * @param words the vocabulary, without special tokens, in the order of their ids
   * @return the content of a {@code tokenizer.json}
   */
  public static String json(List<String> words) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    addSpecialTokens(root.putArray("added_tokens"));
    root.putNull("normalizer");
    root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    addBeginToken(root.putObject("post_processor"));
    root.putNull("decoder");
    addVocabulary(words, root.putObject("model"));
    return root.toPrettyString().replace("\r\n", "\n") + "\n";
  }

  private static void addSpecialTokens(ArrayNode tokens) {
    for (int id = 0; id < SPECIAL.size(); id++) {
      ObjectNode token = tokens.addObject().put("id", id).put("content", SPECIAL.get(id));
      token.put("single_word", false).put("lstrip", false).put("rstrip", false);
      token.put("normalized", false).put("special", true);
    }
  }

  private static void addBeginToken(ObjectNode processor) {
    String begin = SPECIAL.get(BEGIN);
    processor.put("type", "TemplateProcessing");
    for (String form : List.of("single", "pair")) {
      ArrayNode parts = processor.putArray(form);
      parts.addObject().putObject("SpecialToken").put("id", begin).put("type_id", 0);
      parts.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
      if (form.equals("pair")) {
        parts.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
      }
    }
    ObjectNode token = processor.putObject("special_tokens").putObject(begin);
    token.put("id", begin);
    token.putArray("ids").add(BEGIN);
    token.putArray("tokens").add(begin);
  }

  private static void addVocabulary(List<String> words, ObjectNode model) {
    model.put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < SPECIAL.size(); id++) {
      vocabulary.put(SPECIAL.get(id), id);
    }
    for (int i = 0; i < words.size(); i++) {
      vocabulary.put(words.get(i), SPECIAL.size() + i);
    }
    model.put("unk_token", SPECIAL.get(UNKNOWN));
  }
}
