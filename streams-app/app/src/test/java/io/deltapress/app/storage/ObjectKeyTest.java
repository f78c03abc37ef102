package io.deltapress.app.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeyTest {
  private static final String HEX = "ab".repeat(32);

  @Test
  void shouldSpellDirectoryOfDigestWhenMadeFromSha256() {
    // Given
    String sha256 = HEX;

    // When
    ObjectKey key = ObjectKey.ofSha256(sha256);

    // Then
    assertThat(key.value()).isEqualTo("sha256/ab/" + HEX);
    assertThat(key.sha256()).isEqualTo(HEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256/ab/",
        "../../etc/passwd",
        "sha256/../abababababababababababababababababababababababababababababababab",
        "sha256/cd/abababababababababababababababababababababababababababababababab",
        "md5/ab/abababababababababababababababababababababababababababababababab",
        "/sha256/ab/abababababababababababababababababababababababababababababababab",
        "sha256/AB/ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB",
        "sha256/ab/abababababababababababababababababababababababababababababababab\n"
      })
  void shouldRefuseKeyWhenItIsNotContentAddressed(String value) {
    // Given a key out of a manifest that somebody else wrote

    // When / Then
    assertThatThrownBy(() -> new ObjectKey(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Object key must look like sha256/ab/ab<62 more hex digits>: " + value);
  }
}
