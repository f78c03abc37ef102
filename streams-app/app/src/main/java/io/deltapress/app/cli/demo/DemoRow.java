package io.deltapress.app.cli.demo;

/**
 * What came of one delta. Scores are the share of the tenant's test tasks answered exactly right, 0
 * to 1.
 *
 * @param model {@code tenant/model}
 * @param method dare or darex-q
 * @param pruneRate prune rate p
 * @param rescale rescale factor q
 * @param baseScore of the base
 * @param fineTunedScore of the fine-tune
 * @param servedScore of what the follower serves
 * @param denseBytes bytes of the fine-tune's tensors
 * @param artifactBytes bytes of the artifact
 * @param ratio dense bytes per artifact byte
 * @param seconds from the submission until the follower served it
 */
public record DemoRow(
    String model,
    String method,
    double pruneRate,
    double rescale,
    double baseScore,
    double fineTunedScore,
    double servedScore,
    long denseBytes,
    long artifactBytes,
    double ratio,
    double seconds) {}
