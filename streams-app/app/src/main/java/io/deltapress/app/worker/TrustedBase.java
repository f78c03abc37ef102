package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.ReasonCode;
import java.io.IOException;

/**
 * Lets a base be used only under the digest this very host computes from its bytes. Reads all of it
 * the first time and remembers the digest while the files do not change.
 */
final class TrustedBase {
  private final DigestCache digests;

  TrustedBase(DigestCache digests) {
    this.digests = digests;
  }

  /**
   * @return the digest, which is the promised one
   * @throws TaskRefusedException naming both digests if they differ
   */
  WeightsDigest require(
      Checkpoint base, String location, String promised, ProgressListener progress)
      throws IOException, TaskRefusedException {
    WeightsDigest own = digests.weightsDigest(base, progress);
    if (!own.hex().equals(promised)) {
      throw new TaskRefusedException(
          ReasonCode.BASE_DIGEST_MISMATCH,
          "Base at %s has the weights digest %s instead of %s; register it under its own digest or restore its files"
              .formatted(location, own, promised));
    }
    return own;
  }
}
