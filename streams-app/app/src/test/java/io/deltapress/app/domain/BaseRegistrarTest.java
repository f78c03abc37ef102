package io.deltapress.app.domain;

import static io.deltapress.app.domain.Examples.BASE_DIGEST;
import static io.deltapress.app.domain.Examples.NOON;
import static io.deltapress.app.domain.Examples.failed;
import static io.deltapress.app.domain.Examples.refused;
import static io.deltapress.app.domain.Examples.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltapress.schemas.BaseCheck;
import io.deltapress.schemas.BaseChecked;
import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import io.deltapress.schemas.DeadLetter;
import io.deltapress.schemas.RegistryEvent;
import io.deltapress.schemas.WorkResult;
import io.deltapress.schemas.WorkTask;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BaseRegistrarTest {
  private final BaseRegistrar registrar =
      new BaseRegistrar(Examples.settings(), "deltapress.bases");

  private static BaseRegistration.Builder registration(String location) {
    return BaseRegistration.newBuilder()
        .setWeightsDigest(BASE_DIGEST)
        .setName("world-base")
        .setLocation(location)
        .setStatus(BaseStatus.REGISTERED)
        .setTensorCount(0)
        .setParameterCount(0)
        .setTotalBytes(0)
        .setRegisteredBy("ada")
        .setRegisteredAt(NOON);
  }

  private BaseRegistrar.Decision register(Optional<BaseState> known, String location) {
    return registrar.registered(known, registration(location).build(), NOON);
  }

  private static <T> T only(Class<T> type, BaseRegistrar.Decision decision) {
    List<T> found =
        decision.outputs().stream()
            .map(Output::value)
            .filter(type::isInstance)
            .map(type::cast)
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static WorkResult confirmed(WorkTask task) {
    return result(
        task,
        BaseChecked.newBuilder()
            .setWeightsDigest(BASE_DIGEST)
            .setTensorCount(3)
            .setParameterCount(18)
            .setTotalBytes(36)
            .build());
  }

  private BaseRegistrar.Decision makeUsable(String location) {
    BaseRegistrar.Decision registered = register(Optional.empty(), location);
    WorkTask task = only(WorkTask.class, registered);
    return registrar.answered(registered.base(), confirmed(task), NOON);
  }

  @Test
  void shouldIgnoreAnswerWhenBaseWasRegisteredElsewhereMeanwhile() {
    // Given
    BaseRegistrar.Decision first = register(Optional.empty(), "world/base");
    WorkTask checkOfFirst = only(WorkTask.class, first);
    BaseRegistrar.Decision second = register(Optional.of(first.base()), "world/elsewhere");

    // When
    BaseRegistrar.Decision decision =
        registrar.answered(second.base(), confirmed(checkOfFirst), NOON);

    // Then
    assertThat(decision.outputs()).isEmpty();
    assertThat(decision.base().usable()).isNull();
  }

  @Test
  void shouldHaveABaseCheckedWhenItIsRegistered() {
    // When
    BaseRegistrar.Decision decision = register(Optional.empty(), "world/base");

    // Then
    WorkTask task = only(WorkTask.class, decision);
    assertThat(task.getTaskId()).isEqualTo(TaskIds.baseCheck(BASE_DIGEST, "world/base"));
    assertThat(task.getTenant()).isEmpty();
    assertThat(((BaseCheck) task.getWork()).getLocation()).isEqualTo("world/base");
  }

  @Test
  void shouldPassOverItsOwnVerdictWhenItReadsItBack() {
    // Given
    BaseRegistrar.Decision usable = makeUsable("world/base");
    BaseRegistration written = only(BaseRegistration.class, usable);

    // When
    BaseRegistrar.Decision decision =
        registrar.registered(Optional.of(usable.base()), written, NOON);

    // Then
    assertThat(decision.outputs()).isEmpty();
    assertThat(decision.base().task()).isNull();
  }

  @Test
  void shouldCheckABaseWhenSomebodyElseCallsItUsable() {
    // Given
    BaseRegistration forged =
        registration("elsewhere").setStatus(BaseStatus.USABLE).setCheckedBy("nobody").build();

    // When
    BaseRegistrar.Decision decision = registrar.registered(Optional.empty(), forged, NOON);

    // Then
    assertThat(only(WorkTask.class, decision).getReturnKey()).isEqualTo(BASE_DIGEST);
  }

  @Test
  void shouldKeepAUsableBaseWhenALaterRegistrationIsRefused() {
    // Given
    BaseState usable = makeUsable("world/base").base();
    BaseRegistrar.Decision again = register(Optional.of(usable), "elsewhere");
    WorkTask task = only(WorkTask.class, again);

    // When
    BaseRegistrar.Decision decision =
        registrar.answered(
            again.base(), refused(task, "LOCATION_NOT_ALLOWED", "no such place"), NOON);

    // Then
    BaseRegistration written = only(BaseRegistration.class, decision);
    assertThat(written.getStatus()).isEqualTo(BaseStatus.USABLE);
    assertThat(written.getLocation()).isEqualTo("world/base");
    assertThat(only(RegistryEvent.class, decision).getType())
        .isEqualTo("io.deltapress.base.refused");
    assertThat(only(RegistryEvent.class, decision).getMessage()).isEqualTo("no such place");
  }

  @Test
  void shouldRefuseARegistrationWhenItsKeyIsNoDigest() {
    // When
    BaseRegistrar.Decision decision =
        registrar.registered(
            Optional.empty(), registration("world/base").setWeightsDigest("x").build(), NOON);

    // Then
    assertThat(only(BaseRegistration.class, decision).getRefusal())
        .isEqualTo("the key is not a weights digest: it has 64 characters of 0-9 a-f");
  }

  @Test
  void shouldCheckAgainWhenAnAnswerIsOverdue() {
    // Given
    BaseState base = register(Optional.empty(), "world/base").base();

    // When
    BaseRegistrar.Decision decision = registrar.lookAfter(base, NOON.plusSeconds(10));

    // Then
    assertThat(only(WorkTask.class, decision).getAttempt()).isEqualTo(2);
  }

  @Test
  void shouldPauseWhenACheckFails() {
    // Given
    BaseRegistrar.Decision registered = register(Optional.empty(), "world/base");
    WorkTask task = only(WorkTask.class, registered);

    // When
    BaseRegistrar.Decision decision =
        registrar.answered(registered.base(), failed(task, "WORKER_ERROR"), NOON);

    // Then
    assertThat(decision.outputs()).isEmpty();
    assertThat(registrar.lookAfter(decision.base(), NOON.plusMillis(999)).outputs()).isEmpty();
    assertThat(registrar.lookAfter(decision.base(), NOON.plusSeconds(1)).outputs()).hasSize(1);
  }

  @Test
  void shouldDeadLetterWhenEveryAttemptOfACheckFailed() {
    // Given
    BaseState base = register(Optional.empty(), "world/base").base();
    base = registrar.lookAfter(base, NOON.plusSeconds(10)).base();
    base = registrar.lookAfter(base, NOON.plusSeconds(20)).base();

    // When
    BaseRegistrar.Decision decision = registrar.lookAfter(base, NOON.plusSeconds(30));

    // Then
    DeadLetter letter = only(DeadLetter.class, decision);
    assertThat(letter.getReasonCode()).isEqualTo("TASK_DEADLINE_EXCEEDED");
    assertThat(letter.getInputTopic()).isEqualTo("deltapress.bases");
    assertThat(decision.base().task()).isNull();
  }

  @Test
  void shouldPassOverAnAnswerWhenNoCheckIsRunning() {
    // Given
    BaseRegistrar.Decision registered = register(Optional.empty(), "world/base");
    WorkTask task = only(WorkTask.class, registered);
    BaseState usable = registrar.answered(registered.base(), confirmed(task), NOON).base();

    // When
    BaseRegistrar.Decision decision = registrar.answered(usable, confirmed(task), NOON);

    // Then
    assertThat(decision.outputs()).isEmpty();
  }
}
