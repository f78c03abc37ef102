package io.deltapress.djl.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeDeviceTest {

  @ParameterizedTest
  @CsvSource({"auto, 0, cpu, -1", "auto, 2, gpu, 0", "cpu, 2, cpu, -1", "gpu:1, 2, gpu, 1"})
  void shouldFindTheDeviceOfTheEngine(String name, int gpus, String type, int index) {
    // When
    Device device = ComputeDevice.of(name).resolve(gpus);

    // Then
    assertThat(device).isEqualTo(Device.of(type, index));
  }

  @ParameterizedTest
  @CsvSource({"gpu:0, 0, no GPU", "gpu:2, 2, 2 GPU(s)"})
  void shouldSayWhatTheEngineSeesWhenAGpuIsNotAmongIt(String name, int gpus, String seen) {
    // Given
    ComputeDevice device = ComputeDevice.of(name);

    // When
    assertThatThrownBy(() -> device.resolve(gpus))
        // Then
        .isInstanceOf(UnavailableDeviceException.class)
        .hasMessage(
            "device "
                + name
                + ": the tensor engine sees "
                + seen
                + "; choose cpu or auto, or give it a PyTorch built for CUDA"
                + " (engine/djl/doc/gpu.md)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "gpu:", "gpu:-1", "cuda:0", "CPU", ""})
  void shouldRefuseOtherNames(String name) {
    // When
    assertThatThrownBy(() -> ComputeDevice.of(name))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("device '" + name + "' is unknown; choose auto, cpu or gpu:N");
  }

  @Test
  void shouldStayOnTheDeviceThatIsUsedAlready() {
    // Given
    try (NDManager manager = TensorRuntime.newManager()) {
      ComputeDevice used = ComputeDevice.of(TensorRuntime.device());

      // When
      assertThatCode(() -> TensorRuntime.use(used))
          // Then
          .doesNotThrowAnyException();
      assertThat(manager.getDevice().isGpu()).isEqualTo(TensorRuntime.device().startsWith("gpu"));
    }
  }

  @Test
  void shouldRefuseAGpuThatNoHostHas() {
    // Given
    ComputeDevice far = ComputeDevice.of("gpu:9999");

    // When
    assertThatThrownBy(() -> TensorRuntime.use(far))
        // Then
        .isInstanceOf(UnavailableDeviceException.class)
        .hasMessageStartingWith("device gpu:9999: the tensor engine sees ");
  }
}
