package io.deltapress.app.cli;

import io.deltapress.format.artifact.CompressionSettings;
import io.deltapress.format.artifact.Method;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.DeltaSubmission;
import io.deltapress.schemas.ValueCode;
import java.util.Locale;

/** How compression is said on the wire and to people. */
final class WireCompression {
  private WireCompression() {}

  /** Puts what was asked for into a submission; what was not is left to the pipeline. */
  static DeltaSubmission.Builder into(DeltaSubmission.Builder builder, CompressionFlags flags) {
    CompressionSettings settings = flags.settings(0);
    builder
        .setMethod(CompressionMethod.valueOf(settings.method().name()))
        .setPruneRate(settings.pruneRate())
        .setValues(ValueCode.valueOf(settings.values().name()))
        .setInclude(settings.include())
        .setExclude(settings.exclude());
    flags.rescale().ifPresent(builder::setRescale);
    flags.seed().ifPresent(builder::setSeed);
    return builder;
  }

  /** The name of a method as people write it, such as {@code darex-q}. */
  static String nameOf(CompressionMethod method) {
    return switch (method) {
      case DARE -> Method.DARE.wireName();
      case DAREX_Q -> Method.DAREX_Q.wireName();
      case MAGNITUDE -> Method.MAGNITUDE.wireName();
      case WANDA, STRUCTURAL, AUTO, UNKNOWN -> method.name().toLowerCase(Locale.ROOT);
    };
  }

  /** The name of a value code as people write it. */
  static String nameOf(ValueCode code) {
    return code.name().toLowerCase(Locale.ROOT);
  }
}
