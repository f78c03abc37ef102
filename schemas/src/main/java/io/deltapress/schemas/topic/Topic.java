package io.deltapress.schemas.topic;

import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * One topic of the wire contract. Keys are UTF-8 strings.
 *
 * @param suffix the name without the configured prefix
 * @param purpose what it carries, one sentence
 * @param keyForm what a key looks like, such as {@code tenant/model}
 * @param value the record it carries
 * @param partitions how many partitions it has
 * @param retention how long records are kept
 * @param <V> the record it carries
 */
public record Topic<V extends SpecificRecord>(
    String suffix,
    String purpose,
    String keyForm,
    Class<V> value,
    Partitions partitions,
    Retention retention) {

  /** Returns the topic's name below a prefix such as {@code deltapress.}. */
  public String name(String prefix) {
    return prefix + suffix;
  }

  /** Returns the number of partitions when {@code configured} is the pipeline's default. */
  public int partitionCount(int configured) {
    return partitions.count(configured);
  }

  /** Returns every configuration the topic is created with, by name. */
  public Map<String, String> configs() {
    return new TreeMap<>(retention.configs());
  }
}
