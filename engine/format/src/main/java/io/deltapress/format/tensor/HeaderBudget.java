package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.nio.file.Path;

/**
 * What all the headers of one checkpoint or artifact together may cost, so that memory is bounded
 * before it is allocated, however many shards a stranger sends. Not safe for use by several
 * threads.
 */
public final class HeaderBudget {
  private final long maxTensors;
  private final long maxHeaderBytes;
  private long tensors;
  private long metadataEntries;
  private long headerBytes;

  /**
   * A budget of which nothing is spent.
   *
   * @param maxTensors most tensors, and most entries of metadata
   * @param maxHeaderBytes longest headers, all together
   */
  public HeaderBudget(long maxTensors, long maxHeaderBytes) {
    this.maxTensors = maxTensors;
    this.maxHeaderBytes = maxHeaderBytes;
  }

  /** The limits that {@link Checkpoints} documents. */
  public static HeaderBudget standard() {
    return new HeaderBudget(Checkpoints.MAX_TENSORS, Checkpoints.MAX_HEADER_BYTES);
  }

  void spendHeaderBytes(Path file, long bytes) throws BadInputException {
    headerBytes += bytes;
    if (headerBytes > maxHeaderBytes) {
      throw BadInputException.of(
          file,
          "headers of the checkpoint exceed " + maxHeaderBytes + " bytes together; split it up");
    }
  }

  void spendTensor(Path file) throws BadInputException {
    if (++tensors > maxTensors) {
      throw BadInputException.of(
          file, "checkpoint has more than " + maxTensors + " tensors; split it up");
    }
  }

  /** Metadata may hold an entry per tensor, so its bound is the same. */
  void spendMetadataEntry(Path file) throws BadInputException {
    if (++metadataEntries > maxTensors) {
      throw BadInputException.of(
          file, "__metadata__ of the checkpoint has more than " + maxTensors + " entries");
    }
  }
}
