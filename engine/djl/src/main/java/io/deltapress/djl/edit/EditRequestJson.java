package io.deltapress.djl.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One edit request as JSON. Both dialects may be mixed, as data sets do; unknown keys are ignored.
 *
 * <ul>
 *   <li>EasyEdit, flat: {@code prompt} (or {@code src}), {@code target_new} (or {@code alt}),
 *       {@code ground_truth}, {@code subject}, {@code rephrase_prompt}, and {@code locality} and
 *       {@code portability} as {@code {"NAME": {"prompt": ..., "ground_truth": ...}}}, the latter
 *       also with lists; zsRE's {@code rephrase}, {@code loc} and {@code loc_ans}.
 *   <li>ROME and MEMIT, template: {@code prompt} with {@code {}} for the {@code subject}, {@code
 *       target_new} and {@code target_true} as {@code {"str": ...}}; CounterFact's {@code
 *       requested_rewrite} around them, {@code paraphrase_prompts} and {@code neighborhood_prompts}
 *       beside, whose answer is {@code target_true}.
 * </ul>
 */
final class EditRequestJson {

  private static final List<String> IDS = List.of("id", "case_id");
  private static final List<String> TARGETS = List.of("target_new", "alt");
  private static final List<String> TRUTHS = List.of("ground_truth", "target_true", "answers");
  private static final List<String> REPHRASINGS =
      List.of("rephrase_prompt", "rephrase_prompts", "rephrase", "paraphrase_prompts");

  private final JsonNode outer;
  private final JsonNode rewrite;
  private final @Nullable String subject;

  private EditRequestJson(JsonNode node) {
    this.outer = node;
    JsonNode inner = node.path("requested_rewrite");
    this.rewrite = inner.isObject() ? inner : node;
    this.subject = optionalText("subject");
  }

  /**
   * Reads a request.
   *
   * @param fallbackId of a request that names none
   * @throws IllegalArgumentException saying which rule it breaks
   */
  static EditRequest parse(JsonNode node, String fallbackId) {
    if (!node.isObject()) {
      throw new IllegalArgumentException("not a JSON object");
    }
    return new EditRequestJson(node).request(fallbackId);
  }

  private EditRequest request(String fallbackId) {
    String truth = truth();
    return new EditRequest(
        id(fallbackId),
        filled(prompt()),
        target(),
        subject,
        truth,
        rephrasings(),
        locality(truth),
        probes("portability", outer.path("portability")));
  }

  private String id(String fallback) {
    for (String key : IDS) {
      JsonNode node = outer.path(key);
      if (node.isTextual() || node.isIntegralNumber()) {
        return node.asText();
      }
      if (!absent(node)) {
        throw new IllegalArgumentException(key + " must be a string or an integer");
      }
    }
    return fallback;
  }

  private String prompt() {
    String prompt = optionalText("prompt");
    if (prompt == null) {
      prompt = optionalText("src");
    }
    if (prompt == null) {
      throw new IllegalArgumentException("prompt must be a string");
    }
    return prompt;
  }

  /** A template has {@code {}} where the subject goes. */
  private String filled(String template) {
    if (!template.contains("{}")) {
      return template;
    }
    if (subject == null) {
      throw new IllegalArgumentException(
          "the prompt has {}, which stands for a subject, but none is given");
    }
    return template.replace("{}", subject);
  }

  private String target() {
    for (String key : TARGETS) {
      if (!absent(rewrite.path(key))) {
        return answer(key, rewrite.path(key));
      }
    }
    throw new IllegalArgumentException("target_new must be a string or {\"str\": ...}");
  }

  private @Nullable String truth() {
    for (String key : TRUTHS) {
      JsonNode node = rewrite.path(key);
      boolean named = !absent(node) && !(node.isArray() && node.isEmpty());
      if (named && !(node.isTextual() && node.textValue().isBlank())) {
        return answer(key, node);
      }
    }
    return null;
  }

  /** A string, a number, {@code {"str": ...}}, or the first of a list of such, however nested. */
  private static String answer(String key, JsonNode node) {
    JsonNode value = node;
    while (value.isArray() && !value.isEmpty()) {
      value = value.get(0);
    }
    if (value.isObject()) {
      value = value.path("str");
    }
    if (!value.isTextual() && !value.isIntegralNumber()) {
      throw new IllegalArgumentException(key + " must be a string or {\"str\": ...}");
    }
    return value.asText();
  }

  private List<String> rephrasings() {
    List<String> rephrasings = new ArrayList<>();
    for (String key : REPHRASINGS) {
      for (JsonNode text : elements(outer.path(key))) {
        rephrasings.add(filled(text(key, text)));
      }
    }
    return rephrasings;
  }

  private List<Probe> locality(@Nullable String truth) {
    List<Probe> probes = probes("locality", outer.path("locality"));
    for (JsonNode text : elements(outer.path("neighborhood_prompts"))) {
      probes.add(new Probe(text("neighborhood_prompts", text), truth));
    }
    JsonNode loc = outer.path("loc");
    if (!absent(loc)) {
      probes.add(new Probe(text("loc", loc), given("loc_ans", outer.path("loc_ans"))));
    }
    return probes;
  }

  /** One probe, a list of them, or either under names of their own. */
  private static List<Probe> probes(String key, JsonNode node) {
    List<Probe> probes = new ArrayList<>();
    if (node.isObject() && !node.has("prompt")) {
      node.forEach(named -> probes.addAll(probes(key, named)));
      return probes;
    }
    for (JsonNode probe : elements(node)) {
      probes.addAll(probe.isObject() ? columns(key, probe) : List.of(bare(key, probe)));
    }
    return probes;
  }

  private static Probe bare(String key, JsonNode node) {
    return Probe.of(text(key, node));
  }

  /** A prompt with its answer, or a list of prompts beside a list of as many answers. */
  private static List<Probe> columns(String key, JsonNode node) {
    JsonNode answers = node.has("ground_truth") ? node.path("ground_truth") : node.path("answer");
    if (!node.path("prompt").isArray()) {
      String prompt = text(key + " prompt", node.path("prompt"));
      return List.of(new Probe(prompt, given(key + " ground_truth", answers)));
    }
    List<JsonNode> prompts = elements(node.path("prompt"));
    if (!absent(answers) && answers.size() != prompts.size()) {
      throw new IllegalArgumentException(
          "%s has %d prompts and %d answers".formatted(key, prompts.size(), answers.size()));
    }
    List<Probe> probes = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      String prompt = text(key + " prompt", prompts.get(i));
      probes.add(new Probe(prompt, given(key + " ground_truth", answers.path(i))));
    }
    return probes;
  }

  private static @Nullable String given(String key, JsonNode node) {
    return absent(node) ? null : answer(key, node);
  }

  private @Nullable String optionalText(String key) {
    JsonNode node = rewrite.path(key);
    return absent(node) ? null : text(key, node);
  }

  private static String text(String key, JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException(key + " must be a string");
    }
    return node.textValue();
  }

  private static List<JsonNode> elements(JsonNode node) {
    List<JsonNode> elements = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(elements::add);
    } else if (!absent(node)) {
      elements.add(node);
    }
    return elements;
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** A request in the flat dialect; what {@link #parse} makes of it is the same request. */
  static ObjectNode write(EditRequest request) {
    ObjectNode line = JsonNodeFactory.instance.objectNode().put("id", request.id());
    line.put("prompt", request.prompt()).put("target_new", request.target());
    if (request.subject() != null) {
      line.put("subject", request.subject());
    }
    if (request.groundTruth() != null) {
      line.put("ground_truth", request.groundTruth());
    }
    if (!request.rephrasings().isEmpty()) {
      ArrayNode texts = line.putArray("rephrase_prompt");
      request.rephrasings().forEach(texts::add);
    }
    put(line, "locality", request.locality());
    put(line, "portability", request.portability());
    return line;
  }

  private static void put(ObjectNode line, String key, List<Probe> probes) {
    if (probes.isEmpty()) {
      return;
    }
    ArrayNode list = line.putArray(key);
    for (Probe probe : probes) {
      ObjectNode object = list.addObject().put("prompt", probe.prompt());
      if (probe.answer() != null) {
        object.put("ground_truth", probe.answer());
      }
    }
  }
}
