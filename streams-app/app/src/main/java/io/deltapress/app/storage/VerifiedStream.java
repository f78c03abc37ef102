package io.deltapress.app.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;

/**
 * Reads a whole object and compares its digest with its key at the end. The bytes are not to be
 * trusted before {@link #read} has returned -1: the last read is the one that throws {@link
 * ObjectCorruptException}.
 */
public final class VerifiedStream extends FilterInputStream {
  private final DigestInputStream digesting;
  private final String store;
  private final ObjectKey key;
  private boolean verified;

  private VerifiedStream(DigestInputStream digesting, String store, ObjectKey key) {
    super(digesting);
    this.digesting = digesting;
    this.store = store;
    this.key = key;
  }

  /** Opens an object for a reader that wants to be told when its bytes have rotted. */
  public static InputStream open(ObjectStore store, ObjectKey key) throws StorageException {
    InputStream raw = store.open(key, ByteRange.whole());
    return new VerifiedStream(new DigestInputStream(raw, Sha256.newDigest()), store.name(), key);
  }

  @Override
  public int read() throws IOException {
    return checkedAtEnd(super.read());
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return checkedAtEnd(super.read(into, offset, length));
  }

  /** Skipping reads: bytes left out of the digest could not be verified. */
  @Override
  public long skip(long count) throws IOException {
    byte[] sink = new byte[(int) Math.min(8192, Math.max(0, count))];
    long skipped = 0;
    while (skipped < count) {
      int read = read(sink, 0, (int) Math.min(sink.length, count - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private int checkedAtEnd(int read) throws ObjectCorruptException {
    if (read == -1 && !verified) {
      String actual = HexFormat.of().formatHex(digesting.getMessageDigest().digest());
      if (!actual.equals(key.sha256())) {
        throw new ObjectCorruptException("Object in store " + store, key, actual);
      }
      verified = true;
    }
    return read;
  }
}
