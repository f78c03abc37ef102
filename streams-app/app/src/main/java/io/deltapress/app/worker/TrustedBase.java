package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.DigestCache;
import io.deltapress.format.tensor.WeightsDigest;
import io.deltapress.schemas.ReasonCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Lets a base be used only under the digest this very host computes from its bytes. Reads all of it
 * the first time and remembers the digest while the files do not change. Slots that need the same
 * base wait for the first of them instead of reading it as well.
 */
final class TrustedBase {
  private static final int STRIPES = 16;

  private final DigestCache digests;
  private final List<Lock> stripes =
      Stream.<Lock>generate(ReentrantLock::new).limit(STRIPES).toList();

  TrustedBase(DigestCache digests) {
    this.digests = digests;
  }

  /**
   * @return the digest, which is the promised one
   * @throws TaskRefusedException naming both digests if they differ
   */
  WeightsDigest require(
      Checkpoint base, String location, String promised, ProgressListener progress)
      throws IOException, InterruptedException, TaskRefusedException {
    WeightsDigest own = digest(base, promised, progress);
    if (!own.hex().equals(promised)) {
      throw new TaskRefusedException(
          ReasonCode.BASE_DIGEST_MISMATCH,
          ("Base at %s has the weights digest %s instead of %s;"
                  + " register it under its own digest or restore its files")
              .formatted(location, own, promised));
    }
    return own;
  }

  private WeightsDigest digest(Checkpoint base, String promised, ProgressListener progress)
      throws IOException, InterruptedException {
    Lock stripe = stripes.get(Math.floorMod(promised.hashCode(), STRIPES));
    stripe.lockInterruptibly();
    try {
      return digests.weightsDigest(base, progress);
    } finally {
      stripe.unlock();
    }
  }
}
