package io.deltapress.format.tensor;

import static io.deltapress.format.tensor.Handmade.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;

/** Valid checkpoints to begin from. */
final class FuzzSeeds {
  private FuzzSeeds() {}

  /** Files that between them use every type, several ranks, metadata and foreign fields. */
  static List<byte[]> files() {
    StringJoiner everyType = new StringJoiner(",", "{", "}");
    int end = 0;
    for (DType type : DType.values()) {
      everyType.add(entry(type.name(), type.name(), "[8]", end, end + type.bits()));
      end += type.bits();
    }
    return List.of(
        file("{}", 0),
        file(everyType.toString(), end),
        file(
            "{'__metadata__':{'format':'pt','é':'\\n'},"
                + entry("a", "F32", "[2,3]", 0, 24)
                + ","
                + entry("b.c", "BF16", "[1,1,2]", 24, 28)
                + ","
                + entry("s", "I64", "[]", 28, 36)
                + ","
                + entry("z", "U8", "[0,281474976710655]", 36, 36)
                + "}   ",
            36),
        file("{'w':{'x':[{}],'data_offsets':[0,3],'shape':[4],'dtype':'F6_E3M2'}}", 3));
  }

  private static byte[] file(String header, int dataBytes) {
    return Handmade.bytes(header.replace('\'', '"'), new byte[dataBytes]);
  }

  /** Writes two valid shards and returns their index. */
  static byte[] writeShards(Path directory) throws IOException {
    Files.write(
        directory.resolve("x1.safetensors"), file("{" + entry("a", "U8", "[4]", 0, 4) + "}", 4));
    Files.write(
        directory.resolve("x2.safetensors"),
        file("{" + entry("b", "U8", "[2]", 0, 2) + "," + entry("c", "F16", "[]", 2, 4) + "}", 4));
    return ("{'metadata':{'total_size':8},'weight_map':"
            + "{'a':'x1.safetensors','b':'x2.safetensors','c':'x2.safetensors'}}")
        .replace('\'', '"')
        .getBytes(StandardCharsets.UTF_8);
  }
}
