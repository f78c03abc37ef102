package io.deltapress.app.worker;

import io.deltapress.format.ProgressListener;
import io.deltapress.format.tensor.Checkpoint;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.BaseChecked;
import java.io.IOException;
import java.util.Collection;

/** Computes the digest of a base itself: nobody's word makes a base usable. */
final class BaseCheckHandler {
  private final TrustedBase trustedBase;

  BaseCheckHandler(TrustedBase trustedBase) {
    this.trustedBase = trustedBase;
  }

  /**
   * @throws TaskRefusedException if the base has another digest than it is registered under
   */
  BaseChecked handle(BaseCheck work, TaskSources sources, ProgressListener progress)
      throws IOException, InterruptedException, LocationRefusedException, TaskRefusedException {
    Checkpoint base = sources.base(work.getLocation());
    trustedBase.require(base, work.getLocation(), work.getWeightsDigest(), progress);
    Collection<TensorInfo> tensors = base.tensors().values();
    return new BaseChecked(
        work.getWeightsDigest(),
        tensors.size(),
        tensors.stream().mapToLong(tensor -> tensor.shape().elementCount()).sum(),
        tensors.stream().mapToLong(TensorInfo::byteLength).sum());
  }
}
