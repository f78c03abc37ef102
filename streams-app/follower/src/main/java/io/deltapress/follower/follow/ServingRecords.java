package io.deltapress.follower.follow;

import io.deltapress.follower.follow.TopicRecords.Changes;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.Topics;
import io.deltapress.schemas.topic.VersionKey;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Applies the records of the topics that a follower follows to its view. */
public final class ServingRecords {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Map<String, TopicRecords<?, ?, ModelKey>> byTopic;

  /**
   * @param decoders read the values
   * @param view receives what the records say
   */
  public ServingRecords(Decoders decoders, ServingView view) {
    this(Stream.of(bases(decoders, view), versions(decoders, view), heads(decoders, view)));
  }

  ServingRecords(Stream<TopicRecords<?, ?, ModelKey>> topics) {
    this.byTopic =
        topics.collect(Collectors.toUnmodifiableMap(TopicRecords::topic, Function.identity()));
  }

  /** Full names of the topics. */
  public Set<String> topics() {
    return byTopic.keySet();
  }

  /**
   * Applies one record and returns the models it may concern.
   *
   * @throws io.deltapress.schemas.serde.RegistryUnavailableException if it must be applied again
   */
  Set<ModelKey> apply(ConsumerRecord<byte[], byte[]> record) {
    TopicRecords<?, ?, ModelKey> records = byTopic.get(record.topic());
    return records == null ? Set.of() : records.read(record);
  }

  private static TopicRecords<?, ?, ModelKey> bases(Decoders decoders, ServingView view) {
    return new TopicRecords<String, BaseRegistration, ModelKey>(
        decoders.nameOf(Topics.BASES),
        ServingRecords::digest,
        decoders.of(Topics.BASES),
        (digest, base) -> digest.equals(base.getWeightsDigest()),
        new Changes<>(
            (digest, base) -> view.baseChanged(base),
            (digest, reason) -> view.baseRemoved(digest),
            view::baseRemoved));
  }

  private static TopicRecords<?, ?, ModelKey> versions(Decoders decoders, ServingView view) {
    return new TopicRecords<VersionKey, ModelVersion, ModelKey>(
        decoders.nameOf(Topics.SERVING_VERSIONS),
        VersionKey::parse,
        decoders.of(Topics.SERVING_VERSIONS),
        (key, version) ->
            key.model().tenant().equals(version.getTenant())
                && key.model().model().equals(version.getModel())
                && key.version() == version.getVersion(),
        new Changes<>(view::versionChanged, view::versionUnreadable, view::versionRemoved));
  }

  private static TopicRecords<?, ?, ModelKey> heads(Decoders decoders, ServingView view) {
    return new TopicRecords<ModelKey, ModelHead, ModelKey>(
        decoders.nameOf(Topics.SERVING_HEADS),
        ModelKey::parse,
        decoders.of(Topics.SERVING_HEADS),
        (key, head) ->
            key.tenant().equals(head.getTenant())
                && key.model().equals(head.getModel())
                && head.getVersion() >= 1,
        new Changes<>(view::headMoved, view::headUnreadable, view::headRemoved));
  }

  private static String digest(String key) {
    if (!DIGEST.matcher(key).matches()) {
      throw new IllegalArgumentException(OneLine.quote(key) + " is no weights digest");
    }
    return key;
  }
}
