package io.deltapress.format.export;

import io.deltapress.format.artifact.PatchedTensors.ChangeVisitor;
import io.deltapress.format.tensor.TensorData;
import io.deltapress.format.tensor.TensorInfo;
import io.deltapress.format.tensor.WeightsDigest;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/** What a patch has to say of a checkpoint. */
interface ChangedTensors {

  /** Weights digest of the checkpoint that is changed. */
  WeightsDigest parent();

  /** All tensors of the result, by name. */
  SortedMap<String, TensorInfo> resultTensors();

  /** Tensors of which some elements may differ. */
  List<TensorInfo> patched();

  /** Tensors that are replaced or new. */
  List<TensorInfo> replaced();

  /** Shows the elements of a patched tensor that differ, in ascending order. */
  void visit(String tensor, ChangeVisitor visitor) throws IOException;

  /** The bytes of a replaced tensor. */
  TensorData whole(String tensor) throws IOException;
}
