package io.deltapress.djl.study;

import java.nio.file.Path;

/**
 * A fine-tune under study, with what it is examined on.
 *
 * @param name short, unique in the study, usable as a file name
 * @param kind what is special about its delta
 * @param task what it learned; fine-tunes of one task are compared with each other
 * @param origin how it was made, for people
 * @param base directory of the base
 * @param directory of the fine-tune
 * @param test tasks that figures are reported on, and nothing is chosen by
 * @param validation labelled tasks that choices are made by
 * @param calibration training tasks; their texts are the unlabelled inputs
 */
public record FineTune(
    String name,
    DeltaKind kind,
    String task,
    String origin,
    Path base,
    Path directory,
    Path test,
    Path validation,
    Path calibration) {}
