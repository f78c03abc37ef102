package io.deltapress.app.setup;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * Topics of the catalogue that exist.
 *
 * @param descriptions partitions and replicas by name
 * @param configs configurations by name
 */
record TopicsFound(Map<String, TopicDescription> descriptions, Map<String, Config> configs) {
  boolean has(String name) {
    return descriptions.containsKey(name);
  }

  List<String> present() {
    return descriptions.keySet().stream().sorted().toList();
  }

  int partitions(String name) {
    return descriptions.get(name).partitions().size();
  }

  String config(String name, String key) {
    return configs.get(name).get(key).value();
  }
}
