package io.deltapress.app.devstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of Confluent's API that its client and the usual tools need to write and read records.
 */
final class RegistryRoutes {
  private static final String GET = "GET";
  private static final String POST = "POST";
  private static final String PUT = "PUT";

  private final SubjectStore store;

  RegistryRoutes(SubjectStore store) {
    this.store = store;
  }

  /**
   * Returns what to answer, to be written as JSON.
   *
   * @param method the HTTP method
   * @param path the segments of the path
   * @param body the request's JSON, a missing node where there is none
   */
  Object answer(String method, List<String> path, JsonNode body) throws RegistryException {
    String route = path.isEmpty() ? "" : path.get(0);
    return switch (route) {
      case "" -> Map.of();
      case "schemas" -> schemas(method, path);
      case "subjects" -> subjects(method, path, body);
      case "compatibility" -> compatibility(method, path, body);
      case "config" -> config(method, path, body);
      case "mode" -> Map.of("mode", "READWRITE");
      default -> throw unknown(path);
    };
  }

  private Object schemas(String method, List<String> path) throws RegistryException {
    if (method.equals(GET) && path.equals(List.of("schemas", "types"))) {
      return List.of("AVRO");
    }
    if (method.equals(GET) && path.size() == 3 && path.get(1).equals("ids")) {
      return Map.of("schema", store.schema(id(path.get(2))));
    }
    throw unknown(path);
  }

  private static int id(String digits) throws RegistryException {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw RegistryException.noSchema();
    }
  }

  private Object subjects(String method, List<String> path, JsonNode body)
      throws RegistryException {
    if (path.size() == 1 && method.equals(GET)) {
      return store.subjects();
    }
    if (path.size() == 2 && method.equals(POST)) {
      return described(store.find(path.get(1), schema(body)));
    }
    if (path.size() >= 3 && path.get(2).equals("versions")) {
      return versions(method, path, body);
    }
    throw unknown(path);
  }

  private Object versions(String method, List<String> path, JsonNode body)
      throws RegistryException {
    String subject = path.get(1);
    if (path.size() == 3 && method.equals(POST)) {
      return Map.of("id", store.register(subject, schema(body)));
    }
    if (path.size() == 3 && method.equals(GET)) {
      return store.versions(subject);
    }
    if (path.size() == 4 && method.equals(GET)) {
      return described(store.version(subject, path.get(3)));
    }
    throw unknown(path);
  }

  private static Map<String, Object> described(VersionedSchema found) {
    return Map.of(
        "subject", found.subject(),
        "version", found.version(),
        "id", found.id(),
        "schema", found.schema().canonicalString());
  }

  private Object compatibility(String method, List<String> path, JsonNode body)
      throws RegistryException {
    if (method.equals(POST) && path.size() >= 4 && path.get(1).equals("subjects")) {
      return Map.of("is_compatible", store.isCompatible(path.get(2), schema(body)));
    }
    throw unknown(path);
  }

  private Object config(String method, List<String> path, JsonNode body) throws RegistryException {
    if (path.size() > 2) {
      throw unknown(path);
    }
    String subject = path.size() == 2 ? path.get(1) : null;
    return switch (method) {
      case GET -> Map.of("compatibilityLevel", store.compatibility(subject).name());
      case PUT -> setCompatibility(subject, body.path("compatibility").asText());
      default -> throw unknown(path);
    };
  }

  private Object setCompatibility(@Nullable String subject, String name) throws RegistryException {
    CompatibilityLevel level = CompatibilityLevel.forName(name);
    if (level == null) {
      throw RegistryException.invalidCompatibility();
    }
    store.setCompatibility(subject, level);
    return Map.of("compatibility", level.name());
  }

  private static String schema(JsonNode body) throws RegistryException {
    String type = body.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw RegistryException.unprocessable("Schemas of type " + type + " are not supported.");
    }
    if (!body.path("references").isEmpty()) {
      throw RegistryException.unprocessable("Schemas with references are not supported.");
    }
    if (!body.path("schema").isTextual()) {
      throw RegistryException.unprocessable("The request names no schema.");
    }
    return body.path("schema").asText();
  }

  private static RegistryException unknown(List<String> path) {
    return RegistryException.noResource("/" + String.join("/", path));
  }
}
