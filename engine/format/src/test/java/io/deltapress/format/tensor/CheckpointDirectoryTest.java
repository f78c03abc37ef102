package io.deltapress.format.tensor;

import static io.deltapress.format.tensor.Handmade.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointDirectoryTest {
  private static final String SHARD_1 = "model-00001-of-00002.safetensors";
  private static final String SHARD_2 = "model-00002-of-00002.safetensors";

  @TempDir private Path parent;
  private Path directory;
  private Path index;

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createDirectory(parent.resolve("model"));
    index = directory.resolve("model.safetensors.index.json");
  }

  private void writeIndex(String json) throws IOException {
    Files.writeString(index, json.replace('\'', '"'));
  }

  private void writeShard(String name, String tensor, String metadata) throws IOException {
    Handmade.file(
        directory.resolve(name),
        "{'__metadata__':" + metadata + "," + entry(tensor, "U8", "[3]", 0, 3) + "}",
        3);
  }

  private void writeTwoShards() throws IOException {
    writeShard(SHARD_1, "a", "{'format':'pt','shard':'1'}");
    writeShard(SHARD_2, "b", "{'shard':'2','format':'pt'}");
    writeIndex(
        "{'metadata':{'total_size':6},'weight_map':{'b':'" + SHARD_2 + "','a':'" + SHARD_1 + "'}}");
  }

  private AbstractThrowableAssert<?, ?> assertRefused() {
    return assertThatThrownBy(() -> Checkpoints.open(directory))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void shouldOpenSingleFileOfADirectory() throws IOException {
    // Given
    writeShard("model.safetensors", "a", "{}");

    // When
    try (Checkpoint checkpoint = Checkpoints.open(directory)) {

      // Then
      assertThat(checkpoint.tensors()).containsOnlyKeys("a");
      assertThat(checkpoint.path()).isEqualTo(directory);
    }
  }

  @Test
  void shouldOpenShardsOfADirectory() throws IOException {
    // Given
    writeTwoShards();

    // When
    try (Checkpoint checkpoint = Checkpoints.open(directory)) {

      // Then
      assertThat(checkpoint.tensors().keySet()).containsExactly("a", "b");
      assertThat(checkpoint.data("b").byteLength()).isEqualTo(3);
      assertThat(checkpoint.metadata()).containsExactly(entry("format", "pt"));
      assertThat(checkpoint.files())
          .containsExactly(
              directory.resolve(SHARD_1).toRealPath(), directory.resolve(SHARD_2).toRealPath());
    }
  }

  @Test
  void shouldOpenShardsWhenTheIndexIsNamed() throws IOException {
    // Given
    writeTwoShards();

    // When
    try (Checkpoint checkpoint = Checkpoints.open(index)) {

      // Then
      assertThat(checkpoint.tensors()).containsOnlyKeys("a", "b");
    }
  }

  @Test
  void shouldFollowLinksOfAHuggingFaceCache() throws IOException {
    // Given
    Path snapshot = Files.createDirectories(parent.resolve("hub/snapshots/0123"));
    Path blobs = Files.createDirectory(parent.resolve("hub/blobs"));
    Handmade.file(blobs.resolve("9f"), "{" + entry("a", "U8", "[3]", 0, 3) + "}", 3);
    Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/9f"));

    // When
    try (Checkpoint checkpoint = Checkpoints.open(snapshot)) {

      // Then
      assertThat(checkpoint.files()).containsExactly(blobs.resolve("9f").toRealPath());
    }
  }

  @Test
  void shouldRefuseDirectoryWithoutWeights() {
    assertRefused()
        .hasMessage(
            directory
                + ": holds neither model.safetensors nor *.safetensors.index.json; name the file"
                + " itself, or convert the weights to safetensors");
  }

  @Test
  void shouldRefuseDirectoryWithSeveralIndexes() throws IOException {
    // Given
    writeTwoShards();
    Files.copy(index, directory.resolve("other.safetensors.index.json"));

    // When, Then
    assertRefused()
        .hasMessage(directory + ": holds 2 files *.safetensors.index.json; name the one you mean");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.safetensors",
        "/etc/secret.safetensors",
        "sub/x.safetensors",
        "..\\\\x.safetensors",
        "C:x.safetensors",
        "..",
        "",
        "model.bin",
        "x\\u0000.safetensors",
        "x\\n.safetensors"
      })
  void shouldRefuseShardNameThatIsMoreThanAName(String name) throws IOException {
    // Given
    writeIndex("{'weight_map':{'a':'" + name + "'}}");

    // When, Then
    assertRefused()
        .hasMessageStartingWith(index + ": tensor 'a': weight_map names the shard '")
        .hasMessageEndingWith(", which is no plain name of a .safetensors file in the directory");
  }

  @Test
  void shouldRefuseShardThatLinksOutOfTheDirectory() throws IOException {
    // Given
    writeTwoShards();
    Path shard = directory.resolve(SHARD_2);
    Files.move(shard, parent.resolve("elsewhere.safetensors"));
    Files.createSymbolicLink(shard, parent.resolve("elsewhere.safetensors"));

    // When, Then
    assertRefused()
        .hasMessage(
            shard + ": links out of its directory; put the file itself there instead of a link");
  }

  @Test
  void shouldRefuseSingleFileThatLinksOutOfTheDirectory() throws IOException {
    // Given
    writeShard(SHARD_1, "a", "{}");
    Path single = directory.resolve("model.safetensors");
    Files.move(directory.resolve(SHARD_1), parent.resolve("elsewhere.safetensors"));
    Files.createSymbolicLink(single, parent.resolve("elsewhere.safetensors"));

    // When, Then
    assertRefused()
        .hasMessage(
            single + ": links out of its directory; put the file itself there instead of a link");
  }

  @Test
  void shouldRefuseIndexWhoseShardIsMissing() throws IOException {
    // Given
    writeTwoShards();
    Files.delete(directory.resolve(SHARD_2));

    // When, Then
    assertRefused()
        .hasMessage(directory.resolve(SHARD_2) + ": no such file or directory; check the path");
  }

  @Test
  void shouldRefuseIndexThatListsATensorItsShardLacks() throws IOException {
    // Given
    writeTwoShards();
    writeIndex("{'weight_map':{'b':'%s','c':'%s','a':'%s'}}".formatted(SHARD_2, SHARD_2, SHARD_1));

    // When, Then
    assertRefused()
        .hasMessage(
            index + ": tensor 'c': the index places it in " + SHARD_2 + ", which does not hold it");
  }

  @Test
  void shouldRefuseShardWithATensorTheIndexLacks() throws IOException {
    // Given
    writeTwoShards();
    Handmade.file(
        directory.resolve(SHARD_2),
        "{" + entry("b", "U8", "[3]", 0, 3) + "," + entry("c", "U8", "[1]", 3, 4) + "}",
        4);

    // When, Then
    assertRefused()
        .hasMessage(
            directory.resolve(SHARD_2)
                + ": tensor 'c': the index does not list it; index and shards belong to different"
                + " models");
  }

  @Test
  void shouldRefuseTensorThatIsInTwoShards() throws IOException {
    // Given
    writeTwoShards();
    Handmade.file(
        directory.resolve(SHARD_2),
        "{" + entry("b", "U8", "[3]", 0, 3) + "," + entry("a", "U8", "[3]", 3, 6) + "}",
        6);

    // When, Then
    assertRefused()
        .hasMessage(
            directory.resolve(SHARD_2)
                + ": tensor 'a': the index places it in "
                + SHARD_1
                + "; a tensor may be in one shard only");
  }

  @Test
  void shouldRefuseIndexWithATensorTwice() throws IOException {
    // Given
    writeIndex("{'weight_map':{'a':'x.safetensors','a':'x.safetensors'}}");

    // When, Then
    assertRefused().hasMessage(index + ": tensor 'a': weight_map has it twice");
  }

  @Test
  void shouldRefuseIndexWithAKeyTwice() throws IOException {
    // Given
    writeIndex("{'metadata':{},'weight_map':{},'metadata':{}}");

    // When, Then
    assertRefused().hasMessage(index + ": index has the key 'metadata' twice");
  }

  @Test
  void shouldRefuseIndexWithMoreKeysThanAnIndexHas() throws IOException {
    // Given
    writeIndex(
        IntStream.range(0, 65)
            .mapToObj(i -> "'%d':{}".formatted(i))
            .collect(Collectors.joining(",", "{", "}")));

    // When, Then
    assertRefused().hasMessage(index + ": index has more than 64 keys; this is no index of shards");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "null", ""})
  void shouldRefuseIndexThatIsNoObject(String json) throws IOException {
    // Given
    writeIndex(json);

    // When, Then
    assertRefused().hasMessage(index + ": index is not a JSON object");
  }

  @Test
  void shouldRefuseIndexWithoutWeightMap() throws IOException {
    // Given
    writeIndex("{'metadata':{}}");

    // When, Then
    assertRefused()
        .hasMessage(index + ": index lacks weight_map; this is no index of safetensors shards");
  }

  @Test
  void shouldRefuseWeightMapThatIsNoObject() throws IOException {
    // Given
    writeIndex("{'weight_map':['a']}");

    // When, Then
    assertRefused().hasMessage(index + ": weight_map is not a JSON object");
  }

  @Test
  void shouldRefuseShardNameThatIsNoString() throws IOException {
    // Given
    writeIndex("{'weight_map':{'a':['x.safetensors']}}");

    // When, Then
    assertRefused().hasMessage(index + ": tensor 'a': weight_map does not give it a file name");
  }

  @Test
  void shouldRefuseIndexLongerThanTheLimit() throws IOException {
    // Given a sparse file
    try (var sparse = new java.io.RandomAccessFile(index.toFile(), "rw")) {
      sparse.setLength(100_000_001);
    }

    // When, Then
    assertRefused()
        .hasMessage(
            index
                + ": index of 100000001 bytes exceeds the limit of 100000000; this is no index of"
                + " safetensors shards");
  }
}
