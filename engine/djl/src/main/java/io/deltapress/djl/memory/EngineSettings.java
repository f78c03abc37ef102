package io.deltapress.djl.memory;

/** System properties the engine reads when it starts; whoever set one already keeps it. */
public final class EngineSettings {

  private EngineSettings() {}

  /** Sets what is not set yet: one thread, no network, no usage reports. */
  public static void apply() {
    setIfAbsent("ai.djl.pytorch.num_threads", "1");
    setIfAbsent("ai.djl.offline", "true");
    setIfAbsent("OPT_OUT_TRACKING", "true");
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
