package io.deltapress.format.artifact;

import io.deltapress.format.mask.MaskGenerator;
import io.deltapress.format.mask.StoredMaskEncoder;
import io.deltapress.format.mask.StructuralMaskGenerator;
import java.util.Optional;

/** Where the masks of an artifact come from. */
public enum MaskKind implements WireName {
  /** Drawn again from the seed. */
  SEEDED(MaskGenerator.ID),
  /** Rows and columns drawn again from the seed. */
  STRUCTURAL(StructuralMaskGenerator.ID),
  /** Read from the artifact. */
  STORED(StoredMaskEncoder.ID);

  private final String wireName;

  MaskKind(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  static Optional<MaskKind> of(String wireName) {
    return WireName.find(MaskKind.class, wireName);
  }
}
