package io.deltapress.it;

/** A broker and a schema registry that the product's processes talk to over the network. */
interface Cluster extends AutoCloseable {
  String bootstrapServers();

  /** Base address of the registry's Confluent-compatible interface. */
  String registryUrl();

  /** Takes the broker away without warning and brings it back on the same address and data. */
  void restartBroker();

  @Override
  void close();
}
