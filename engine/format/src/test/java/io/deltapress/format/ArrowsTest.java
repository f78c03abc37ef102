package io.deltapress.format;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What may use what in this module. */
class ArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.deltapress.format");

  @Test
  void shouldNeedNothingThatAConsumerOfArtifactsWouldNotWant() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "io.deltapress.format..",
            "com.fasterxml.jackson..",
            "com.github.luben.zstd..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void shouldKnowNothingOfDeltasWhereTensorsAreRead() {
    noClasses()
        .that()
        .resideInAPackage("..format.tensor..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..format.mask..", "..format.delta..", "..format.artifact..", "..format.export..")
        .check(CLASSES);
  }

  @Test
  void shouldLeaveTheTerminalToTheCommandLine() {
    noClasses().should().accessField(System.class, "out").check(CLASSES);
    noClasses().should().accessField(System.class, "err").check(CLASSES);
  }
}
