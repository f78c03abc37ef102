package io.deltapress.follower.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.schemas.topic.ModelKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FollowedModelsTest {

  @ParameterizedTest
  @CsvSource({
    "*, acme/router, true",
    "acme/*, acme/router, true",
    "acme/*, acme-2/router, false",
    "acme/router, acme/router, true",
    "acme/router, acme/router-2, false"
  })
  void shouldTellWhetherModelIsFollowed(String pattern, String model, boolean expected) {
    // Given
    FollowedModels models = FollowedModels.of(List.of(pattern));

    // When
    boolean contained = models.contains(ModelKey.parse(model));

    // Then
    assertThat(contained).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme", "*/router", "acme/", "/", "acme/../x", "Acme/*", "**"})
  void shouldRefusePatternWhenItIsNone(String pattern) {
    // Given
    List<String> patterns = List.of("*", pattern);

    // When / Then
    assertThatThrownBy(() -> FollowedModels.of(patterns))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is none of *, tenant/* and tenant/model", pattern);
  }

  @Test
  void shouldSortModelsWhenSomeAreFollowed() {
    // Given
    FollowedModels models = FollowedModels.of(List.of("b/*", "a/x"));
    ModelKey first = new ModelKey("a", "x");
    ModelKey second = new ModelKey("b", "a");

    // When
    List<ModelKey> among = models.among(List.of(second, new ModelKey("a", "y"), first));

    // Then
    assertThat(among).containsExactly(first, second);
  }
}
