package io.deltapress.app.worker;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.Method;
import io.deltapress.format.artifact.RescaleFactors;
import io.deltapress.format.artifact.ValueCode;
import io.deltapress.schemas.ReasonCode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Translates settings from the wire to those of the format. */
final class WireSettings {
  private WireSettings() {}

  /**
   * @throws IOException if a newer application asks for what this worker does not know
   * @throws TaskRefusedException if a number is out of range
   */
  static CompressionSettings of(io.deltapress.schemas.CompressionSettings wire)
      throws IOException, TaskRefusedException {
    Method method = methodOf(wire.getMethod());
    ValueCode values = valuesOf(wire.getValues());
    try {
      return CompressionSettings.builder(method, wire.getPruneRate())
          .rescale(factorsOf(wire))
          .seed(wire.getSeed())
          .values(values)
          .include(wire.getInclude())
          .exclude(wire.getExclude())
          .build();
    } catch (IllegalArgumentException e) {
      throw new TaskRefusedException(
          ReasonCode.INVALID_REQUEST, "Compression settings are refused: " + e.getMessage());
    }
  }

  private static RescaleFactors factorsOf(io.deltapress.schemas.CompressionSettings wire) {
    Map<String, Double> perTensor = new HashMap<>();
    wire.getRescalePerTensor().forEach(own -> perTensor.put(own.getTensor(), own.getRescale()));
    return RescaleFactors.of(wire.getRescale(), perTensor);
  }

  private static Method methodOf(io.deltapress.schemas.CompressionMethod wire) throws IOException {
    return switch (wire) {
      case DARE -> Method.DARE;
      case DAREX_Q -> Method.DAREX_Q;
      case MAGNITUDE -> Method.MAGNITUDE;
      case STRUCTURAL -> Method.STRUCTURAL;
      // The planner lets neither through: one needs input norms, the other a choice made before.
      case WANDA, AUTO, UNKNOWN -> throw tooNew("compression method");
    };
  }

  private static ValueCode valuesOf(io.deltapress.schemas.ValueCode wire) throws IOException {
    return switch (wire) {
      case EXACT -> ValueCode.EXACT;
      case BF16 -> ValueCode.BF16;
      case F16 -> ValueCode.F16;
      case INT8 -> ValueCode.INT8;
      case INT4 -> ValueCode.INT4;
      case UNKNOWN -> throw tooNew("value code");
    };
  }

  private static IOException tooNew(String what) {
    return new IOException(
        "The task names a %s this worker does not know; upgrade it".formatted(what));
  }
}
