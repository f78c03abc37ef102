package io.deltapress.app.worker;

import io.deltapress.schemas.ShardManifest;
import java.io.IOException;
import java.nio.file.Path;

/** Gets what earlier tasks delivered, wherever its manifest says that it is. */
interface ShardSource extends AutoCloseable {

  /**
   * Fetches a file and verifies it.
   *
   * @param directory where it is put, under a name of its digest
   * @throws TaskFailedException if it is not there, or is not what the manifest says
   * @throws InterruptedException if nobody waits for it any more
   */
  Path fetch(ShardManifest shard, Path directory)
      throws IOException, InterruptedException, TaskFailedException;

  @Override
  void close();
}
