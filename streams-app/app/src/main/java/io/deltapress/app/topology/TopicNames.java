package io.deltapress.app.topology;

import io.deltapress.schemas.topic.Topics;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Full names of the topics that the topology reads and writes. */
record TopicNames(String prefix) {
  String bases() {
    return Topics.BASES.name(prefix);
  }

  String policies() {
    return Topics.POLICIES.name(prefix);
  }

  String deltasSubmitted() {
    return Topics.DELTAS_SUBMITTED.name(prefix);
  }

  String editsRequested() {
    return Topics.EDITS_REQUESTED.name(prefix);
  }

  String versionsControl() {
    return Topics.VERSIONS_CONTROL.name(prefix);
  }

  String workCompress() {
    return Topics.WORK_COMPRESS.name(prefix);
  }

  String workCalibrate() {
    return Topics.WORK_CALIBRATE.name(prefix);
  }

  String workEdit() {
    return Topics.WORK_EDIT.name(prefix);
  }

  String workResults() {
    return Topics.WORK_RESULTS.name(prefix);
  }

  String servingVersions() {
    return Topics.SERVING_VERSIONS.name(prefix);
  }

  String servingHeads() {
    return Topics.SERVING_HEADS.name(prefix);
  }

  String registryEvents() {
    return Topics.REGISTRY_EVENTS.name(prefix);
  }

  String rejections() {
    return Topics.REJECTIONS.name(prefix);
  }

  String deadLetters() {
    return Topics.DEAD_LETTERS.name(prefix);
  }

  /** All of them. */
  SortedSet<String> all() {
    return new TreeSet<>(
        List.of(
            bases(),
            policies(),
            deltasSubmitted(),
            editsRequested(),
            versionsControl(),
            workCompress(),
            workCalibrate(),
            workEdit(),
            workResults(),
            servingVersions(),
            servingHeads(),
            registryEvents(),
            rejections(),
            deadLetters()));
  }
}
