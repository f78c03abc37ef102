package io.deltapress.app.devstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Requests and answers of the registry over HTTP. */
final class RegistryHandler implements HttpHandler {
  private static final int LARGEST_REQUEST_BYTES = 4 << 20;
  private static final int OK = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistryRoutes routes;

  RegistryHandler(RegistryRoutes routes) {
    this.routes = routes;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      answer(exchange);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      send(
          exchange, OK, routes.answer(exchange.getRequestMethod(), path(exchange), body(exchange)));
    } catch (RegistryException e) {
      send(
          exchange,
          e.status(),
          Map.of("error_code", e.errorCode(), "message", String.valueOf(e.getMessage())));
    }
  }

  private static List<String> path(HttpExchange exchange) throws RegistryException {
    String path = exchange.getRequestURI().getRawPath();
    try {
      return Arrays.stream(path.split("/"))
          .filter(segment -> !segment.isEmpty())
          .map(segment -> URLDecoder.decode(segment, UTF_8))
          .toList();
    } catch (IllegalArgumentException e) {
      throw RegistryException.noResource(path);
    }
  }

  private static JsonNode body(HttpExchange exchange) throws IOException, RegistryException {
    byte[] bytes = exchange.getRequestBody().readNBytes(LARGEST_REQUEST_BYTES + 1);
    if (bytes.length > LARGEST_REQUEST_BYTES) {
      throw RegistryException.tooLarge(LARGEST_REQUEST_BYTES);
    }
    if (bytes.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw RegistryException.unprocessable("The request is not JSON.");
    }
  }

  private static void send(HttpExchange exchange, int status, Object answer) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
