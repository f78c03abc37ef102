package io.deltapress.app.cli;

import io.deltapress.app.cli.client.PipelineClient;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.FollowerStatus;
import io.deltapress.schemas.topic.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All bases and all models; its fields are those of the JSON document. */
record PipelineStatus(List<Base> bases, List<Model> models) {

  /** A base. */
  record Base(
      String name,
      String weightsDigest,
      String status,
      String location,
      long parameters,
      long bytes,
      @Nullable String refusal) {

    static Base of(BaseRegistration base) {
      return new Base(
          base.getName(),
          base.getWeightsDigest(),
          base.getStatus().name().toLowerCase(Locale.ROOT),
          base.getLocation(),
          base.getParameterCount(),
          base.getTotalBytes(),
          base.getRefusal());
    }
  }

  /** A model that has a head. */
  record Model(String model, int head, String movedAt, List<Follower> followers) {}

  /** What a follower says of a model. */
  record Follower(
      String host, int version, int headVersion, String state, @Nullable String message) {

    static Follower of(FollowerStatus status) {
      return new Follower(
          status.getHost(),
          status.getVersion(),
          status.getHeadVersion(),
          status.getState().name().toLowerCase(Locale.ROOT),
          status.getMessage());
    }

    String text() {
      String what = host + " " + state + (version == 0 ? "" : " version " + version);
      return Printable.of(message == null ? what : what + ": " + message);
    }
  }

  static PipelineStatus of(PipelineClient client) {
    Collection<FollowerStatus> statuses = client.latest(Topics.SERVING_STATUS).values();
    return new PipelineStatus(
        client.latest(Topics.BASES).values().stream().map(Base::of).toList(),
        client.latest(Topics.SERVING_HEADS).entrySet().stream()
            .map(
                head ->
                    new Model(
                        head.getKey(),
                        head.getValue().getVersion(),
                        EventLine.time(head.getValue().getMovedAt()),
                        followersOf(head.getKey(), statuses)))
            .toList());
  }

  static List<Follower> followersOf(String model, Collection<FollowerStatus> statuses) {
    return statuses.stream()
        .filter(status -> model.equals(status.getTenant() + "/" + status.getModel()))
        .map(Follower::of)
        .toList();
  }

  String text() {
    TextTable baseTable = new TextTable("base", "status", "parameters", "digest");
    bases.forEach(
        base ->
            baseTable.row(
                Printable.of(base.name()), base.status(), base.parameters(), base.weightsDigest()));
    TextTable modelTable = new TextTable("model", "head", "since", "followers");
    models.forEach(
        model ->
            modelTable.row(
                model.model(),
                model.head(),
                model.movedAt(),
                model.followers().stream().map(Follower::text).collect(Collectors.joining(", "))));
    return (bases.isEmpty() ? "no base is registered" + System.lineSeparator() : baseTable.text())
        + System.lineSeparator()
        + (models.isEmpty() ? "no model has a head" + System.lineSeparator() : modelTable.text());
  }
}
