package io.deltapress.format.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages files: blindly, and in ways that only someone who knows the format would. */
final class Mutator {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+");
  private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "-0",
          "8",
          "1.0",
          "1e3",
          "1e999999999",
          "2147483647",
          "2147483648",
          "4294967296",
          "281474976710655",
          "281474976710656",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551615",
          "18446744073709551616",
          "9".repeat(99),
          "9".repeat(2000),
          "null",
          "true",
          "[]",
          "{}",
          "[[[[[[[[[[",
          "NaN",
          "00");
  private static final List<String> STRINGS =
      List.of(
          "\"\"",
          "\"dtype\"",
          "\"shape\"",
          "\"data_offsets\"",
          "\"__metadata__\"",
          "\"weight_map\"",
          "\"a\"",
          "\"F4\"",
          "\"F6_E2M3\"",
          "\"U8\"",
          "\"C64\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"\\n\"",
          "\"../x.safetensors\"",
          "\"/dev/zero\"",
          "\"\\u0061\"",
          "null",
          "7",
          "\"" + "x".repeat(5000) + "\"");

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /** One to four mutations of a safetensors file. */
  byte[] mutateFile(byte[] file) {
    byte[] mutated = file;
    for (int i = random.nextInt(4); i >= 0; i--) {
      mutated = random.nextBoolean() ? mutateBytes(mutated) : mutateHeader(mutated);
    }
    return mutated;
  }

  /** One to four mutations of JSON. */
  byte[] mutateJson(byte[] json) {
    byte[] mutated = json;
    for (int i = random.nextInt(4); i >= 0; i--) {
      mutated = random.nextInt(4) == 0 ? mutateBytes(mutated) : mutateText(mutated);
    }
    return mutated;
  }

  private byte[] mutateBytes(byte[] file) {
    if (file.length == 0) {
      return new byte[] {'{'};
    }
    byte[] copy = file.clone();
    int at = random.nextInt(file.length);
    switch (random.nextInt(6)) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) random.nextInt(256);
      case 2 -> copy = Arrays.copyOf(file, at);
      case 3 -> copy = Arrays.copyOf(file, file.length + 1 + random.nextInt(20));
      case 4 -> copy = splice(file, at, random.nextInt(20), new byte[0]);
      default -> copy = splice(file, at, 0, part(file));
    }
    return copy;
  }

  /** Changes the JSON and, mostly, keeps the header length right. */
  private byte[] mutateHeader(byte[] file) {
    if (file.length < 8) {
      return mutateBytes(file);
    }
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long length = buffer.getLong(0);
    if (random.nextInt(10) == 0) {
      buffer = ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
      return buffer.putLong(0, length + random.nextInt(17) - 8).array();
    }
    if (length < 0 || length > file.length - 8) {
      return mutateBytes(file);
    }
    int end = 8 + (int) length;
    byte[] header = mutateText(Arrays.copyOfRange(file, 8, end));
    return Handmade.bytes(header, Arrays.copyOfRange(file, end, file.length));
  }

  private byte[] mutateText(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    String mutated =
        switch (random.nextInt(5)) {
          case 0 -> replace(text, NUMBER, NUMBERS.get(random.nextInt(NUMBERS.size())));
          case 1 -> replace(text, STRING, STRINGS.get(random.nextInt(STRINGS.size())));
          case 2 -> replace(text, STRING, any(text, STRING));
          case 3 -> replace(text, NUMBER, any(text, NUMBER));
          default ->
              new String(
                  splice(json, random.nextInt(json.length + 1), 0, part(json)),
                  StandardCharsets.UTF_8);
        };
    return mutated.getBytes(StandardCharsets.UTF_8);
  }

  private String replace(String text, Pattern pattern, String replacement) {
    List<MatchResult> matches = pattern.matcher(text).results().toList();
    if (matches.isEmpty()) {
      return text + replacement;
    }
    MatchResult match = matches.get(random.nextInt(matches.size()));
    return text.substring(0, match.start()) + replacement + text.substring(match.end());
  }

  private String any(String text, Pattern pattern) {
    List<MatchResult> matches = pattern.matcher(text).results().toList();
    return matches.isEmpty() ? "" : matches.get(random.nextInt(matches.size())).group();
  }

  private byte[] part(byte[] bytes) {
    if (bytes.length == 0) {
      return bytes;
    }
    int from = random.nextInt(bytes.length);
    return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + random.nextInt(120)));
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
    int after = Math.min(bytes.length, at + removed);
    return ByteBuffer.allocate(at + inserted.length + bytes.length - after)
        .put(bytes, 0, at)
        .put(inserted)
        .put(bytes, after, bytes.length - after)
        .array();
  }
}
