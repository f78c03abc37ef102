package io.deltapress.app.domain;

import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.ValueCode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A submission that was found valid, with everything the submitter may leave out filled in.
 *
 * @param rescale kept values are divided by it; positive
 * @param seed of the mask
 * @param usePolicy whether method, prune rate, factor and values are the policy's to choose
 * @param expectedVersion the head the submitter believes in, 0 for none; null if they do not care
 */
public record DeltaRequest(
    String submissionId,
    String tenant,
    String model,
    String baseDigest,
    String fineTunedLocation,
    String fineTunedDigest,
    CompressionMethod method,
    double pruneRate,
    double rescale,
    ValueCode values,
    long seed,
    List<String> include,
    List<String> exclude,
    boolean usePolicy,
    @Nullable Integer expectedVersion,
    String requestedBy,
    Instant submittedAt,
    RequestSource source)
    implements ModelRequest {}
