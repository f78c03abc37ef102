package io.deltapress.djl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.deltapress.djl");

  /**
   * These wrap a Java buffer that is freed before the backward pass reads it; the forward value
   * stays right, so nothing else would tell.
   */
  private static final ArchRule NO_NUMBER_OPERANDS =
      noClasses()
          .should(
              ArchConditions.callMethod(NDArray.class, "mul", Number.class)
                  .or(ArchConditions.callMethod(NDArray.class, "muli", Number.class))
                  .or(ArchConditions.callMethod(NDArray.class, "div", Number.class))
                  .or(ArchConditions.callMethod(NDArray.class, "divi", Number.class))
                  .or(ArchConditions.callMethod(NDArray.class, "pow", Number.class))
                  .or(ArchConditions.callMethod(NDArray.class, "powi", Number.class))
                  .or(ArchConditions.callMethod(NDArray.class, "maximum", Number.class))
                  .or(ArchConditions.callMethod(NDArray.class, "minimum", Number.class)))
          .because("it corrupts gradients; use TensorRuntime.constant");

  @Test
  void shouldNotUseNumberOperandsThatCorruptGradients() {
    NO_NUMBER_OPERANDS.check(MAIN);
  }

  @Test
  void shouldFindNumberOperandsWhenThereAreSome() {
    // Given
    JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);

    // When
    assertThatThrownBy(() -> NO_NUMBER_OPERANDS.check(offender))
        // Then
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("calls method <ai.djl.ndarray.NDArray.mul(java.lang.Number)>");
  }

  @Test
  void shouldNotUseReadyMadeLossesOptimizersAndLayersWhichMakeSuchCalls() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.djl.training.loss..", "ai.djl.training.optimizer..", "ai.djl.nn..")
        .check(MAIN);
  }

  @Test
  void shouldNotCallStaticNumberOperations() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("ai.djl.ndarray.NDArrays")
        .check(MAIN);
  }

  @Test
  void shouldStartTheEngineInOnePlaceOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.deltapress.djl.memory")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl.pytorch..")
        .check(MAIN);
  }

  @Test
  void shouldNotKnowKafka() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "io.deltapress.schemas..", "io.deltapress.app..")
        .check(MAIN);
  }

  static final class Offender {
    NDArray doubled(NDArray array) {
      return array.mul(2);
    }
  }
}
