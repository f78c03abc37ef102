package io.deltapress.app.worker;

import io.deltapress.format.tensor.DigestCache;
import io.deltapress.schemas.CompressionMethod;
import io.deltapress.schemas.CompressionSettings;
import io.deltapress.schemas.Delivery;
import io.deltapress.schemas.PruneShard;
import io.deltapress.schemas.ValueCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A base and a tenant's fine-tune below their roots, and the tasks one may ask of them. */
final class HandlerFixture {
  static final String TENANT = "acme";

  final Path host;
  final Sources sources;
  final DigestCache digests;
  final String baseDigest;

  private HandlerFixture(Path host) throws IOException {
    this.host = host.toRealPath();
    Path bases = Files.createDirectories(this.host.resolve("bases"));
    Path tunes = Files.createDirectories(this.host.resolve("tunes"));
    TestCheckpoints.base(bases.resolve("llama"));
    TestCheckpoints.fineTuned(tunes.resolve("router"), 1);
    this.sources =
        new Sources(
            SourceRoots.of("bases.roots", List.of(bases)),
            Map.of(TENANT, SourceRoots.of("sources.acme.roots", List.of(tunes))));
    this.digests = new DigestCache(this.host.resolve("cache"));
    this.baseDigest =
        TestCheckpoints.digest(bases.resolve("llama"), this.host.resolve("cache-of-test"));
  }

  static HandlerFixture in(Path host) throws IOException {
    return new HandlerFixture(host);
  }

  Path basePath() {
    return host.resolve("bases/llama");
  }

  Path fineTunedPath() {
    return host.resolve("tunes/router");
  }

  TaskSources taskSources() {
    return new TaskSources(sources, TENANT, "router");
  }

  static CompressionSettings compression() {
    return compression(CompressionMethod.DARE, 0.5, ValueCode.EXACT);
  }

  static CompressionSettings compression(
      CompressionMethod method, double rescale, ValueCode values) {
    return new CompressionSettings(
        method, 0.5, rescale, 42L, values, List.of(), List.of(), List.of());
  }

  PruneShard pruneShard(Delivery delivery) {
    return pruneShard(baseDigest, delivery);
  }

  /** A task that claims another digest for the base. */
  PruneShard pruneShardOf(String claimedDigest) {
    return pruneShard(claimedDigest, Delivery.INLINE);
  }

  private static PruneShard pruneShard(String baseDigest, Delivery delivery) {
    return new PruneShard(
        baseDigest, "llama", "router", compression(), 0, 1, TestCheckpoints.TENSORS, delivery);
  }
}
