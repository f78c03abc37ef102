package io.deltapress.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between modules, and between the packages of the application. */
class ModuleArrowsTest {
  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.deltapress");
  }

  @Test
  void shouldKeepSchemasFreeOfOtherModules() {
    noClasses()
        .that()
        .resideInAPackage("io.deltapress.schemas..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.deltapress.format..",
            "io.deltapress.djl..",
            "io.deltapress.follower..",
            "io.deltapress.app..")
        .check(classes);
  }

  @Test
  void shouldKeepTheFormatFreeOfOtherModulesAndOfKafkaAndDjl() {
    noClasses()
        .that()
        .resideInAPackage("io.deltapress.format..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.deltapress.schemas..",
            "io.deltapress.djl..",
            "io.deltapress.follower..",
            "io.deltapress.app..",
            "org.apache.kafka..",
            "ai.djl..")
        .check(classes);
  }

  @Test
  void shouldLetDjlCodeSeeTheFormatAlone() {
    noClasses()
        .that()
        .resideInAPackage("io.deltapress.djl..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.deltapress.schemas..",
            "io.deltapress.follower..",
            "io.deltapress.app..",
            "org.apache.kafka..")
        .check(classes);
  }

  @Test
  void shouldLetTheFollowerSeeSchemasAndFormatAlone() {
    noClasses()
        .that()
        .resideInAPackage("io.deltapress.follower..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.deltapress.djl..", "io.deltapress.app..", "ai.djl..")
        .check(classes);
  }

  @Test
  void shouldKeepTheDomainFreeOfStreamsAndDjl() {
    noClasses()
        .that()
        .resideInAPackage("io.deltapress.app.domain..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "ai.djl..", "io.deltapress.djl..")
        .check(classes);
  }

  @Test
  void shouldLetOnlyWorkerAndCommandLineUseDjl() {
    noClasses()
        .that()
        .resideInAPackage("io.deltapress.app..")
        .and()
        .resideOutsideOfPackages("io.deltapress.app.worker..", "io.deltapress.app.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.deltapress.djl..", "ai.djl..")
        .check(classes);
  }

  @Test
  void shouldKeepStreamsInTopologyAndProcessors() {
    noClasses()
        .that()
        .resideInAPackage("io.deltapress.app..")
        .and()
        .resideOutsideOfPackages("io.deltapress.app.topology..", "io.deltapress.app.processor..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.streams..")
        .check(classes);
  }

  @Test
  void shouldHaveNoCyclesBetweenPackagesOfTheApplication() {
    slices().matching("io.deltapress.app.(*)..").should().beFreeOfCycles().check(classes);
  }
}
