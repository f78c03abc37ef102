package io.deltapress.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  private static final String SHA = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "acme/router-2.1", "0/9", "a_b/c.d-e"})
  void shouldReadBackModelKeys(String key) {
    // When
    ModelKey parsed = ModelKey.parse(key);

    // Then
    assertThat(parsed).hasToString(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/", "/b", "A/b", "a/b/c", "a..b/c", ".a/b", "a/b.", "a/-b", "a/b c", "../b", "a/b\n",
        "ä/b"
      })
  void shouldRefuseOtherModelKeys(String key) {
    // When / Then
    assertThatThrownBy(() -> ModelKey.parse(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            " is not a valid name: use 1 to 63 of a-z 0-9 . _ - that start and end with a letter"
                + " or digit, without '..'.")
        .extracting(Throwable::getMessage)
        .asString()
        .doesNotContain("\n");
  }

  @Test
  void shouldTakeNamesOfOneTo63Characters() {
    // When / Then
    assertThat(ModelKey.isValidName("a".repeat(63))).isTrue();
    assertThat(ModelKey.isValidName("a".repeat(64))).isFalse();
    assertThat(ModelKey.isValidName("")).isFalse();
  }

  @Test
  void shouldSayHowToWriteAModel() {
    // When / Then
    assertThatThrownBy(() -> ModelKey.parse("router"))
        .hasMessage("'router' is not a model: write it as tenant/model.");
  }

  @Test
  void shouldReadBackVersionKeys() {
    // When
    VersionKey key = VersionKey.parse("acme/router/000007");

    // Then
    assertThat(key).isEqualTo(VersionKey.of("acme", "router", 7)).hasToString("acme/router/000007");
    assertThat(VersionKey.parse("acme/router/1234567").version()).isEqualTo(1_234_567);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme/router/7",
        "acme/router/0000007",
        "acme/router/000000",
        "acme/router/-00007",
        "acme/router/9999999999",
        "acme/000007",
        "acme/router/",
        "000007"
      })
  void shouldRefuseOtherVersionKeys(String key) {
    // When / Then
    assertThatThrownBy(() -> VersionKey.parse(key)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldSortVersionsAsNumbers() {
    // When
    String ninth = VersionKey.of("a", "b", 9).toString();

    // Then
    assertThat(ninth).isLessThan(VersionKey.of("a", "b", 10).toString());
  }

  @Test
  void shouldReadBackChunkKeys() {
    // When
    ChunkKey key = ChunkKey.parse(SHA + "/000012");

    // Then
    assertThat(key).isEqualTo(new ChunkKey(SHA, 12)).hasToString(SHA + "/000012");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc/000000", "000000", "/000000"})
  void shouldRefuseOtherChunkKeys(String key) {
    // When / Then
    assertThatThrownBy(() -> ChunkKey.parse(key)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldReadBackFollowerKeys() {
    // When
    FollowerKey key = FollowerKey.parse("Host-1.example.org/acme/router");

    // Then
    assertThat(key)
        .isEqualTo(new FollowerKey("Host-1.example.org", new ModelKey("acme", "router")))
        .hasToString("Host-1.example.org/acme/router");
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme/router", "/acme/router", "a b/acme/router", "..h/acme/router", "h"})
  void shouldRefuseOtherFollowerKeys(String key) {
    // When / Then
    assertThatThrownBy(() -> FollowerKey.parse(key)).isInstanceOf(IllegalArgumentException.class);
  }
}
