package io.deltapress.app.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;

/** Makes commands, handing the shell to those that ask for it in their constructor. */
final class ShellFactory implements CommandLine.IFactory {
  private final Shell shell;

  ShellFactory(Shell shell) {
    this.shell = shell;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      Class<?>[] parameters = constructor.getParameterTypes();
      if (parameters.length == 1 && parameters[0] == Shell.class) {
        return type.cast(constructor.newInstance(shell));
      }
    }
    return CommandLine.defaultFactory().create(type);
  }
}
