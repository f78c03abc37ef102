package io.deltapress.schemas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ModuleArrowsTest {
  @Test
  void shouldDependOnNothingElseOfOurs() {
    // Given
    var classes = new ClassFileImporter().importPackages("io.deltapress.schemas");

    // When / Then
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "belong to other modules of ours", ModuleArrowsTest::isOfAnotherModule))
        .check(classes);
  }

  private static boolean isOfAnotherModule(JavaClass type) {
    return type.getPackageName().startsWith("io.deltapress.")
        && !type.getPackageName().startsWith("io.deltapress.schemas");
  }
}
