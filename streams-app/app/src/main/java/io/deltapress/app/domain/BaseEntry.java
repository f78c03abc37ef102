package io.deltapress.app.domain;

import io.deltapress.schemas.BaseRegistration;
import io.deltapress.schemas.BaseStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A record of the {@code bases} topic, in the form in which it is remembered. */
record BaseEntry(
    String weightsDigest,
    String name,
    String location,
    BaseStatus status,
    @Nullable String refusal,
    int tensorCount,
    long parameterCount,
    long totalBytes,
    String registeredBy,
    Instant registeredAt,
    @Nullable String checkedBy,
    @Nullable Instant checkedAt) {

  static BaseEntry of(BaseRegistration registration) {
    return new BaseEntry(
        registration.getWeightsDigest(),
        registration.getName(),
        registration.getLocation(),
        registration.getStatus(),
        registration.getRefusal(),
        registration.getTensorCount(),
        registration.getParameterCount(),
        registration.getTotalBytes(),
        registration.getRegisteredBy(),
        registration.getRegisteredAt(),
        registration.getCheckedBy(),
        registration.getCheckedAt());
  }

  BaseRegistration toRecord() {
    return BaseRegistration.newBuilder()
        .setWeightsDigest(weightsDigest)
        .setName(name)
        .setLocation(location)
        .setStatus(status)
        .setRefusal(refusal)
        .setTensorCount(tensorCount)
        .setParameterCount(parameterCount)
        .setTotalBytes(totalBytes)
        .setRegisteredBy(registeredBy)
        .setRegisteredAt(registeredAt)
        .setCheckedBy(checkedBy)
        .setCheckedAt(checkedAt)
        .build();
  }

  BaseEntry refused(String why, @Nullable String worker, Instant now) {
    return new BaseEntry(
        weightsDigest,
        name,
        location,
        BaseStatus.REFUSED,
        why,
        0,
        0,
        0,
        registeredBy,
        registeredAt,
        worker,
        now);
  }
}
