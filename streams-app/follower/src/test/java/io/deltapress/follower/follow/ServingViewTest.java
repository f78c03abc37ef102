package io.deltapress.follower.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.EditEntry;
import io.deltapress.schemas.InlineChunks;
import io.deltapress.schemas.ModelHead;
import io.deltapress.schemas.ModelVersion;
import io.deltapress.schemas.Revocation;
import io.deltapress.schemas.ShardManifest;
import io.deltapress.schemas.VersionState;
import io.deltapress.schemas.serde.TrustedRecords;
import io.deltapress.schemas.topic.ModelKey;
import io.deltapress.schemas.topic.VersionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServingViewTest {
  static {
    TrustedRecords.install();
  }

  private static final ModelKey MODEL = new ModelKey("acme", "router");
  private static final String DIGEST = "a".repeat(64);
  private static final Instant NOW = Instant.EPOCH;

  private final ServingView view = new ServingView();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void shouldLoadHeadWhenRecordsComeInAnyOrder(long seed) {
    // Given
    List<Runnable> records =
        new ArrayList<>(
            List.of(
                () -> view.headMoved(MODEL, head(7)),
                () -> view.versionChanged(key(7), version(7, VersionState.PUBLISHED)),
                () -> view.versionChanged(key(6), version(6, VersionState.REVOKED)),
                () -> view.baseChanged(base(BaseStatus.USABLE))));
    Collections.shuffle(records, new Random(seed));

    // When
    records.forEach(Runnable::run);

    // Then
    assertThat(view.goal(MODEL))
        .isEqualTo(new Goal.Loading(version(7, VersionState.PUBLISHED), base(BaseStatus.USABLE)));
  }

  @Test
  void shouldLoadHeadWhenItHasEditsAndSaysSo() {
    // Given
    ModelVersion edited =
        ModelVersion.newBuilder(version(7, VersionState.EDITED)).setEdits(List.of(edit())).build();
    view.headMoved(MODEL, head(7));
    view.baseChanged(base(BaseStatus.USABLE));

    // When
    view.versionChanged(key(7), edited);

    // Then
    assertThat(view.goal(MODEL)).isEqualTo(new Goal.Loading(edited, base(BaseStatus.USABLE)));
  }

  @Test
  void shouldRefuseHeadWhenItHasEditsThatOlderFollowersWouldNotSee() {
    // Given
    ModelVersion edited =
        ModelVersion.newBuilder(version(7, VersionState.PUBLISHED))
            .setEdits(List.of(edit()))
            .build();
    view.headMoved(MODEL, head(7));
    view.baseChanged(base(BaseStatus.USABLE));

    // When
    view.versionChanged(key(7), edited);

    // Then
    assertThat(view.goal(MODEL))
        .isEqualTo(
            new Goal.Refused(
                7,
                "Version 7 of acme/router has edits, but not the state EDITED; publish it again"));
  }

  private static EditEntry edit() {
    return new EditEntry(
        "edit-1", "mend", new ShardManifest(0, DIGEST, 9L, new InlineChunks(0, 0L, 1)), 1, 1.0);
  }

  @Test
  void shouldTellModelWhenBaseOfItsHeadChanges() {
    // Given
    view.headMoved(MODEL, head(7));
    view.versionChanged(key(7), version(7, VersionState.PUBLISHED));
    view.headMoved(new ModelKey("acme", "other"), head(1));

    // When
    Set<ModelKey> changed = view.baseChanged(base(BaseStatus.USABLE));

    // Then
    assertThat(changed).containsExactly(MODEL);
  }

  @Test
  void shouldTellNobodyWhenVersionIsNoHead() {
    // Given
    view.headMoved(MODEL, head(7));

    // When
    Set<ModelKey> changed = view.versionChanged(key(6), version(6, VersionState.PUBLISHED));

    // Then
    assertThat(changed).isEmpty();
  }

  @Test
  void shouldRefuseHeadWhenItsVersionIsRevoked() {
    // Given
    view.headMoved(MODEL, head(7));
    view.baseChanged(base(BaseStatus.USABLE));
    view.versionChanged(key(7), version(7, VersionState.PUBLISHED));

    // When
    view.versionChanged(key(7), version(7, VersionState.REVOKED));

    // Then
    assertThat(view.goal(MODEL))
        .isEqualTo(
            new Goal.Refused(
                7,
                "Version 7 of acme/router is revoked by ops: leaks?names; move the head to another"
                    + " version"));
  }

  @Test
  void shouldRefuseHeadWhenStateIsUnknown() {
    // Given
    view.headMoved(MODEL, head(7));
    view.versionChanged(key(7), version(7, VersionState.UNKNOWN));

    // When
    Goal goal = view.goal(MODEL);

    // Then
    assertThat(goal)
        .isEqualTo(
            new Goal.Refused(
                7,
                "Version 7 of acme/router has a state this follower does not know; upgrade the"
                    + " follower"));
  }

  @Test
  void shouldRefuseHeadWhenBaseIsRefused() {
    // Given
    view.headMoved(MODEL, head(7));
    view.versionChanged(key(7), version(7, VersionState.PUBLISHED));
    view.baseChanged(base(BaseStatus.REFUSED));

    // When
    Goal goal = view.goal(MODEL);

    // Then
    assertThat(goal)
        .isEqualTo(
            new Goal.Refused(
                7, "Base tiny of version 7 of acme/router is refused: digest differs"));
  }

  @Test
  void shouldHaveNoGoalWhenModelIsRemoved() {
    // Given
    view.headMoved(MODEL, head(7));

    // When
    view.headRemoved(MODEL);

    // Then
    assertThat(view.goal(MODEL)).isEqualTo(new Goal.Nothing());
    assertThat(view.models()).isEmpty();
  }

  private static ModelHead head(int version) {
    return new ModelHead(
        MODEL.tenant(), MODEL.model(), version, null, DIGEST, NOW, "planner", "published");
  }

  private static VersionKey key(int version) {
    return new VersionKey(MODEL, version);
  }

  private static ModelVersion version(int number, VersionState state) {
    return ModelVersion.newBuilder()
        .setTenant(MODEL.tenant())
        .setModel(MODEL.model())
        .setVersion(number)
        .setState(state)
        .setSubmissionId("s")
        .setBaseDigest(DIGEST)
        .setBaseName("tiny")
        .setRequestedBy("trainer")
        .setSubmittedAt(NOW)
        .setPublishedAt(NOW)
        .setRevocation(
            state == VersionState.REVOKED ? new Revocation("leaks\nnames", "ops", NOW) : null)
        .build();
  }

  private static BaseRegistration base(BaseStatus status) {
    return BaseRegistration.newBuilder()
        .setWeightsDigest(DIGEST)
        .setName("tiny")
        .setLocation("tiny")
        .setStatus(status)
        .setRefusal(status == BaseStatus.REFUSED ? "digest differs" : null)
        .setTensorCount(0)
        .setParameterCount(0)
        .setTotalBytes(0)
        .setRegisteredBy("ops")
        .setRegisteredAt(NOW)
        .build();
  }
}
