package io.deltapress.djl.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deltapress.djl.edit.LeastSquares.Form;
import io.deltapress.djl.random.SplitMix64;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LeastSquaresTest {

  private static final double[] KEYS = {1, 0, 1, 0, 2, 0};
  private static final double[] VALUES = {.5, -1, 1, 1};

  @ParameterizedTest
  @EnumSource
  void shouldSolveThePublishedFormulaWithRidgeOne(Form form) {
    // When
    double[] shift = shift(LeastSquares.solvedKeys(KEYS, 3, 1, null, form), VALUES, 3, 2);

    // Then
    assertThat(shift)
        .containsExactly(new double[] {1. / 6, -1. / 3, .4, .4, 1. / 6, -1. / 3}, within(1e-15));
  }

  @ParameterizedTest
  @EnumSource
  void shouldSolveThePublishedFormulaWithASmallRidge(Form form) {
    // When
    double[] shift = shift(LeastSquares.solvedKeys(KEYS, 3, .1, null, form), VALUES, 3, 2);

    // Then
    assertThat(shift)
        .containsExactly(
            new double[] {.23809524, -.47619048, .48780488, .48780488, .23809524, -.47619048},
            within(1e-8));
  }

  @ParameterizedTest
  @EnumSource
  void shouldGiveEachKeyItsValueAsTheRidgeVanishes(Form form) {
    // When
    double[] shift = shift(LeastSquares.solvedKeys(KEYS, 3, 1e-9, null, form), VALUES, 3, 2);

    // Then: K S = V
    double[] given = {
      shift[0] + shift[4], shift[1] + shift[5], 2 * shift[2], 2 * shift[3],
    };
    assertThat(given).containsExactly(VALUES, within(1e-7));
  }

  @Test
  void shouldGiveTheSameInBothFormsWithAndWithoutKnownKeys() {
    // Given
    SplitMix64 random = new SplitMix64(5);
    for (int rows : new int[] {1, 7, 20}) {
      double[] keys = random(random, rows * 12);
      double[] known = new double[12 * 12];
      double[] old = random(random, 30 * 12);
      for (int row = 0; row < 30; row++) {
        for (int i = 0; i < 12; i++) {
          for (int j = 0; j < 12; j++) {
            known[i * 12 + j] += old[row * 12 + i] * old[row * 12 + j];
          }
        }
      }

      // When
      double[] primal = LeastSquares.solvedKeys(keys, 12, .3, known, Form.PRIMAL);
      double[] dual = LeastSquares.solvedKeys(keys, 12, .3, known, Form.DUAL);
      double[] primalAlone = LeastSquares.solvedKeys(keys, 12, .3, null, Form.PRIMAL);
      double[] dualAlone = LeastSquares.solvedKeys(keys, 12, .3, null, Form.DUAL);

      // Then
      assertThat(dual).containsExactly(primal, within(1e-12));
      assertThat(dualAlone).containsExactly(primalAlone, within(1e-11));
    }
  }

  /** Gauss elimination on the definition, nothing shared with what is tested. */
  @Test
  void shouldAgreeWithEliminationOnTheDefinition() {
    // Given
    SplitMix64 random = new SplitMix64(9);
    double[] keys = random(random, 5 * 4);
    double[][] system = new double[4][4];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        system[i][j] = i == j ? .7 : 0;
        for (int row = 0; row < 5; row++) {
          system[i][j] += keys[row * 4 + i] * keys[row * 4 + j];
        }
      }
    }

    // When
    double[] solved = LeastSquares.solvedKeys(keys, 4, .7, null, Form.PRIMAL);
    double[] again = LeastSquares.solvedAgain(keys, solved, 4, .7);

    // Then
    for (int row = 0; row < 5; row++) {
      double[] once = eliminated(system, row(keys, row));
      assertThat(row(solved, row)).containsExactly(once, within(1e-13));
      assertThat(row(again, row)).containsExactly(eliminated(system, once), within(1e-12));
    }
  }

  @Test
  void shouldSolveAgainTheSameWayWithFewerRowsThanInputs() {
    // Given
    double[] keys = random(new SplitMix64(4), 2 * 6);
    double[] solved = LeastSquares.solvedKeys(keys, 6, .5, null, Form.DUAL);

    // When
    double[] again = LeastSquares.solvedAgain(keys, solved, 6, .5);

    // Then: twice (lambda I + K^T K) gives back the keys
    double[] back = times(keys, times(keys, again, 6, .5), 6, .5);
    assertThat(back).containsExactly(keys, within(1e-12));
  }

  @Test
  void shouldRefuseARidgeThatIsNotPositive() {
    // When
    assertThatThrownBy(() -> LeastSquares.solvedKeys(KEYS, 3, 0, null, Form.PRIMAL))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the ridge of least squares must be positive");
  }

  static double[] random(SplitMix64 random, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }

  /** S = sum over rows of solved_r v_r^T, [inputs, outputs]. */
  static double[] shift(double[] solved, double[] values, int inputs, int outputs) {
    double[] shift = new double[inputs * outputs];
    for (int row = 0; row < solved.length / inputs; row++) {
      for (int i = 0; i < inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          shift[i * outputs + o] += solved[row * inputs + i] * values[row * outputs + o];
        }
      }
    }
    return shift;
  }

  /** rows (lambda I + K^T K). */
  private static double[] times(double[] keys, double[] rows, int inputs, double ridge) {
    double[] product = new double[rows.length];
    for (int row = 0; row < rows.length / inputs; row++) {
      for (int i = 0; i < inputs; i++) {
        double sum = ridge * rows[row * inputs + i];
        for (int k = 0; k < keys.length / inputs; k++) {
          for (int j = 0; j < inputs; j++) {
            sum += rows[row * inputs + j] * keys[k * inputs + j] * keys[k * inputs + i];
          }
        }
        product[row * inputs + i] = sum;
      }
    }
    return product;
  }

  private static double[] row(double[] matrix, int row) {
    return Arrays.copyOfRange(matrix, row * 4, row * 4 + 4);
  }

  private static double[] eliminated(double[][] system, double[] right) {
    int n = right.length;
    double[][] a = new double[n][];
    for (int i = 0; i < n; i++) {
      a[i] = Arrays.copyOf(system[i], n + 1);
      a[i][n] = right[i];
    }
    for (int pivot = 0; pivot < n; pivot++) {
      for (int i = 0; i < n; i++) {
        if (i != pivot) {
          double factor = a[i][pivot] / a[pivot][pivot];
          for (int j = 0; j <= n; j++) {
            a[i][j] -= factor * a[pivot][j];
          }
        }
      }
    }
    double[] solution = new double[n];
    for (int i = 0; i < n; i++) {
      solution[i] = a[i][n] / a[i][i];
    }
    return solution;
  }
}
