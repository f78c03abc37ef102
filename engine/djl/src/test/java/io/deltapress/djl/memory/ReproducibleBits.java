package io.deltapress.djl.memory;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a test on a GPU. It compares bits of gradients, which a GPU sums up in no fixed order, or
 * shows what happens to memory that a GPU does not share with the JVM.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ReproducibleBits.OnCpu.class)
public @interface ReproducibleBits {

  /** Asks the engine where it computes. */
  final class OnCpu implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String device = TensorRuntime.device();
      return device.equals("cpu")
          ? ConditionEvaluationResult.enabled("gradients are the same bits on a CPU")
          : ConditionEvaluationResult.disabled(
              "bits of gradients are the same from run to run on a CPU only, this is " + device);
    }
  }
}
