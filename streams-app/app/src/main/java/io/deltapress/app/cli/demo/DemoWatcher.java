package io.deltapress.app.cli.demo;

/** Told what the demo does; may end it by throwing. */
public interface DemoWatcher {

  /** Something a person wants to see, one line. */
  void say(String line);

  /** Asked several times a second whether to go on; throws if not. */
  void check();
}
