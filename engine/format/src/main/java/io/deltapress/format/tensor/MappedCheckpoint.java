package io.deltapress.format.tensor;

import io.deltapress.format.BadInputException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A checkpoint over one or several mapped files whose headers have been checked. */
final class MappedCheckpoint implements Checkpoint {
  private final Path path;
  private final List<MappedFile> files;
  private final SortedMap<String, TensorInfo> tensors;
  private final Map<String, MappedTensorData> data;
  private final Map<String, String> metadata;
  private volatile boolean closed;

  private MappedCheckpoint(
      Path path,
      List<MappedFile> files,
      SortedMap<String, TensorInfo> tensors,
      Map<String, MappedTensorData> data,
      Map<String, String> metadata) {
    this.path = path;
    this.files = List.copyOf(files);
    this.tensors = Collections.unmodifiableSortedMap(tensors);
    this.data = data;
    this.metadata = Map.copyOf(metadata);
  }

  /** The tensors of all the headers; no name may be in two of them. */
  static MappedCheckpoint of(Path path, List<Header> headers) {
    SortedMap<String, TensorInfo> tensors = new TreeMap<>(TensorNames.ORDER);
    Map<String, MappedTensorData> data = new HashMap<>();
    for (Header header : headers) {
      for (Header.Entry entry : header.entries()) {
        TensorInfo info = entry.info();
        tensors.put(info.name(), info);
        long begin = header.dataBegin() + entry.begin();
        data.put(info.name(), new MappedTensorData(info, header.file(), begin));
      }
    }
    List<MappedFile> files = headers.stream().map(Header::file).toList();
    return new MappedCheckpoint(path, files, tensors, data, sharedMetadata(headers));
  }

  private static Map<String, String> sharedMetadata(List<Header> headers) {
    Map<String, String> shared = new HashMap<>();
    for (int i = 0; i < headers.size(); i++) {
      Map<String, String> own = headers.get(i).metadata();
      if (i == 0) {
        shared.putAll(own);
      } else {
        shared.entrySet().retainAll(own.entrySet());
      }
    }
    return shared;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<Path> files() {
    return files.stream().map(file -> file.stamp().path()).toList();
  }

  @Override
  public SortedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public MappedTensorData data(String name) throws BadInputException {
    if (closed) {
      throw new IllegalStateException("checkpoint " + path + " is closed");
    }
    MappedTensorData found = data.get(name);
    if (found == null) {
      throw BadInputException.of(
          BadInputException.Kind.MISSING_TENSOR, path, name, "not in this checkpoint");
    }
    return found;
  }

  @Override
  public void close() {
    closed = true;
  }
}
