package io.deltapress.format.tensor;

import static io.deltapress.format.tensor.Handmade.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltapress.format.BadInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of the format, broken, and the one line that says so. */
class BadFileTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("m.safetensors");
  }

  private AbstractThrowableAssert<?, ?> assertRefused() {
    return assertThatThrownBy(() -> Checkpoints.open(file)).isInstanceOf(BadInputException.class);
  }

  @Nested
  class Frame {

    @Test
    void shouldRefuseFileThatDoesNotExist() {
      assertRefused().hasMessage(file + ": no such file or directory; check the path");
    }

    @Test
    void shouldRefuseWhatIsNoRegularFile() {
      // Given
      file = Path.of("/dev/null");
      org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(file), "no /dev/null here");

      // When, Then
      assertRefused().hasMessage("/dev/null: not a regular file");
    }

    @Test
    void shouldRefuseFileShorterThanTheHeaderLength() throws IOException {
      // Given
      Files.write(file, new byte[7]);

      // When, Then
      assertRefused()
          .hasMessage(
              file
                  + ": file of 7 bytes is shorter than the 8-byte header length; fetch it again or"
                  + " convert it to safetensors");
    }

    @Test
    void shouldRefuseHeaderLengthBeyondTheLimitBeforeReadingIt() throws IOException {
      // Given a sparse file that is long enough for its header
      try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
        sparse.writeLong(Long.reverseBytes(100_000_001));
        sparse.setLength(200_000_000);
      }

      // When, Then
      assertRefused()
          .hasMessage(
              file
                  + ": header length 100000001 exceeds the limit of 100000000 bytes; this is no"
                  + " safetensors file");
    }

    @Test
    void shouldRefuseHeaderLengthWithTheHighestBit() throws IOException {
      // Given
      Files.write(file, Handmade.bytes(-1L, "{}".getBytes(StandardCharsets.UTF_8)));

      // When, Then
      assertRefused()
          .hasMessage(
              file
                  + ": header length 18446744073709551615 exceeds the limit of 100000000 bytes; this"
                  + " is no safetensors file");
    }

    @Test
    void shouldRefuseHeaderThatEndsAfterTheFile() throws IOException {
      // Given
      Files.write(file, Handmade.bytes(9, "{}      ".getBytes(StandardCharsets.UTF_8)));

      // When, Then
      assertRefused()
          .hasMessage(
              file
                  + ": header length 9 exceeds the 8 bytes after it; the file is cut off or no"
                  + " safetensors file");
    }

    @ParameterizedTest
    @MethodSource("headersWithoutBrace")
    void shouldRefuseHeaderThatDoesNotBeginWithABrace(byte[] bytes) throws IOException {
      // Given
      Files.write(file, bytes);

      // When, Then
      assertRefused()
          .hasMessage(file + ": header does not begin with '{'; this is no safetensors file");
    }

    static Stream<byte[]> headersWithoutBrace() {
      return Stream.of(
          new byte[8],
          Handmade.bytes("[]"),
          Handmade.bytes(" {}"),
          Handmade.bytes("\ufeff{}"),
          Handmade.bytes("{}".getBytes(StandardCharsets.UTF_16BE)));
    }

    @Test
    void shouldRefuseHeaderThatIsNotUtf8() throws IOException {
      // Given an overlong form of '/'
      byte[] header = "{\"??\":1}".getBytes(StandardCharsets.UTF_8);
      header[2] = (byte) 0xC0;
      header[3] = (byte) 0xAF;
      Files.write(file, Handmade.bytes(header));

      // When, Then
      assertRefused().hasMessage(file + ": header is not valid UTF-8");
    }

    @Test
    void shouldRefuseHeaderThatEndsWithinACharacter() throws IOException {
      // Given
      Files.write(file, Handmade.bytes(new byte[] {'{', '"', (byte) 0xE5}));

      // When, Then
      assertRefused().hasMessage(file + ": header is not valid UTF-8");
    }

    @Test
    void shouldRefuseHeaderThatIsNotJson() throws IOException {
      // Given
      Handmade.file(file, "{'a' 1}", 0);

      // When, Then
      assertRefused()
          .hasMessageStartingWith(file + ": header is not valid JSON: Unexpected character")
          .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void shouldRefuseHeaderThatGoesOnAfterItsObject() throws IOException {
      // Given
      Handmade.file(file, "{} {}", 0);

      // When, Then
      assertRefused().hasMessage(file + ": header goes on after its JSON object");
    }

    @Test
    void shouldRefuseHeaderPaddedWithZeroBytes() throws IOException {
      // Given
      Handmade.file(file, "{}\u0000\u0000", 0);

      // When, Then
      assertRefused().hasMessageStartingWith(file + ": header is not valid JSON: ");
    }

    @Test
    void shouldRefuseHeaderNestedTooDeeply() throws IOException {
      // Given
      Handmade.file(file, "{'a':{'x':" + "[".repeat(100_000) + "}", 0);

      // When, Then
      assertRefused().hasMessageStartingWith(file + ": header is not valid JSON: ");
    }
  }

  @Nested
  class Entries {

    @ParameterizedTest
    @MethodSource("io.deltapress.format.tensor.BadFileTest#badEntries")
    void shouldRefuseEntryAndNameTensorAndRule(String header, int dataBytes, String rule)
        throws IOException {
      // Given
      Handmade.file(file, header, dataBytes);

      // When, Then
      assertRefused().hasMessage(file + ": " + rule);
    }
  }

  static Stream<Arguments> badEntries() {
    return Stream.of(
        bad("{'a':1}", 0, "tensor 'a': its entry in the header is not a JSON object"),
        bad("{'a':{}}", 0, "tensor 'a': its entry lacks dtype"),
        bad("{'a':{'dtype':'U8'}}", 0, "tensor 'a': its entry lacks shape"),
        bad("{'a':{'dtype':'U8','shape':[]}}", 0, "tensor 'a': its entry lacks data_offsets"),
        bad("{'a':{'dtype':7}}", 0, "tensor 'a': dtype is not a string"),
        bad("{'a':{'dtype':'F128'}}", 0, "tensor 'a': dtype 'F128' is none of safetensors"),
        bad("{'a':{'shape':3}}", 0, "tensor 'a': shape is not an array"),
        bad("{'a':{'data_offsets':{}}}", 0, "tensor 'a': data_offsets is not an array"),
        bad(
            "{'a':{'shape':[2,-1]}}",
            0,
            "tensor 'a': shape holds '-1', which is no integer from 0 to 2^48 - 1"),
        bad(
            "{'a':{'shape':[1.0]}}",
            0,
            "tensor 'a': shape holds '1.0', which is no integer from 0 to 2^48 - 1"),
        bad(
            "{'a':{'shape':['1']}}",
            0,
            "tensor 'a': shape holds '1', which is no integer from 0 to 2^48 - 1"),
        bad(
            "{'a':{'shape':[null]}}",
            0,
            "tensor 'a': shape holds 'null', which is no integer from 0 to 2^48 - 1"),
        bad(
            "{'a':{'shape':[281474976710656]}}",
            0,
            "tensor 'a': shape holds '281474976710656', which is no integer from 0 to 2^48 - 1"),
        bad(
            "{'a':{'data_offsets':[0,18446744073709551616]}}",
            0,
            "tensor 'a': data_offsets holds '18446744073709551616', which is no integer from 0 to"
                + " 2^48 - 1"),
        bad(
            "{'a':{'shape':[" + "1,".repeat(64) + "1]}}",
            0,
            "tensor 'a': shape has more than 64 numbers"),
        bad(
            "{'a':{'data_offsets':[0,1,2]}}",
            0,
            "tensor 'a': data_offsets has more than 2 numbers"),
        bad(
            "{'a':{'dtype':'U8','shape':[1],'data_offsets':[1]}}",
            1,
            "tensor 'a': data_offsets [1] are no begin and end"),
        bad(
            "{" + entry("a", "U8", "[1]", 1, 0) + "}",
            1,
            "tensor 'a': data_offsets [1, 0] are no begin and end"),
        bad(
            "{" + entry("a", "F32", "[2,2]", 0, 15) + "}",
            15,
            "tensor 'a': data_offsets [0, 15] span 15 bytes, but shape [2, 2] of F32 needs 16"),
        bad(
            "{" + entry("a", "F4", "[3]", 0, 2) + "}",
            2,
            "tensor 'a': 3 elements of F4 do not end on a byte boundary"),
        bad(
            "{" + entry("a", "U8", "[1099511627776,1099511627776]", 0, 0) + "}",
            0,
            "tensor 'a': product of shape [1099511627776, 1099511627776] overflows 63 bits"),
        bad(
            "{" + entry("a", "U64", "[281474976710655,1024]", 0, 0) + "}",
            0,
            "tensor 'a': 288230376151710720 elements of U64 overflow a 63-bit size in bits"),
        bad(
            "{" + entry("a", "U8", "[0]", 0, 0) + "," + entry("a", "U8", "[0]", 0, 0) + "}",
            0,
            "tensor 'a': the header has it twice"),
        bad(
            "{" + entry("a", "U8", "[0]", 0, 0) + "," + entry("\\u0061", "U8", "[0]", 0, 0) + "}",
            0,
            "tensor 'a': the header has it twice"),
        bad(
            "{'a':{'dtype':'U8','dtype':'U8'}}",
            0,
            "tensor 'a': its entry has the key 'dtype' twice"),
        bad(
            "{'a':{"
                + IntStream.range(0, 65)
                    .mapToObj(i -> "'%d':0".formatted(i))
                    .collect(Collectors.joining(","))
                + "}}",
            0,
            "tensor 'a': its entry has more than 64 unknown keys"),
        bad("{'a':{'x':1,'x':1}}", 0, "tensor 'a': its entry has the key 'x' twice"),
        bad(
            "{'a\\nb':{}}",
            0,
            "tensor 'a\\u000ab': the name contains a control character or an unpaired surrogate"),
        bad(
            "{'\\ud800':{}}",
            0,
            "tensor '\\ud800': the name contains a control character or an unpaired surrogate"),
        bad(
            "{'" + "n".repeat(4097) + "':{}}",
            0,
            "tensor '%s…%s' (4097 characters): the name is longer than 4096 characters"
                .formatted("n".repeat(60), "n".repeat(60))),
        bad("{'__metadata__':[]}", 0, "__metadata__ is not a JSON object"),
        bad("{'__metadata__':null}", 0, "__metadata__ is not a JSON object"),
        bad("{'__metadata__':{'k':1}}", 0, "__metadata__ 'k' is not a string, as all must be"),
        bad("{'__metadata__':{'k':'','k':''}}", 0, "__metadata__ has the key 'k' twice"),
        bad("{'__metadata__':{},'__metadata__':{}}", 0, "header has __metadata__ twice"),
        bad(
            "{" + entry("a", "U8", "[4]", 0, 4) + "," + entry("b", "U8", "[4]", 2, 6) + "}",
            6,
            "tensor 'b': begins at byte 2 of the data, inside tensor 'a' which ends at 4; tensors"
                + " may not overlap"),
        bad(
            "{" + entry("a", "U8", "[4]", 0, 4) + "," + entry("b", "U8", "[4]", 0, 4) + "}",
            4,
            "tensor 'b': begins at byte 0 of the data, inside tensor 'a' which ends at 4; tensors"
                + " may not overlap"),
        bad(
            "{" + entry("a", "U8", "[4]", 0, 4) + "," + entry("b", "U8", "[4]", 5, 9) + "}",
            9,
            "tensor 'b': begins at byte 5 of the data, but the tensors before it end at 4; holes are"
                + " not allowed"),
        bad(
            "{" + entry("a", "U8", "[4]", 1, 5) + "}",
            5,
            "tensor 'a': begins at byte 1 of the data, but the tensors before it end at 0; holes are"
                + " not allowed"),
        bad(
            "{" + entry("a", "U8", "[0]", 3, 3) + "}",
            3,
            "tensor 'a': begins at byte 3 of the data, but the tensors before it end at 0; holes are"
                + " not allowed"),
        bad(
            "{" + entry("a", "U8", "[4]", 0, 4) + "}",
            3,
            "tensor 'a': ends at byte 4 of the data, but the file holds only 3; it is cut off, fetch"
                + " it again"),
        bad(
            "{" + entry("a", "U8", "[4]", 0, 4) + "}",
            6,
            "2 bytes follow the last tensor; trailing bytes are not allowed"),
        bad("{}", 1, "1 bytes follow the last tensor; trailing bytes are not allowed"));
  }

  private static Arguments bad(String header, int dataBytes, String rule) {
    return Arguments.of(header, dataBytes, rule);
  }

  @Test
  void shouldRefuseMoreTensorsThanTheBudgetAllows() throws IOException {
    // Given
    Handmade.file(
        file, "{" + entry("a", "U8", "[0]", 0, 0) + "," + entry("b", "U8", "[0]", 0, 0) + "}", 0);
    HeaderReader reader = new HeaderReader(file, new HeaderBudget(1, 1000));

    // When, Then
    assertThatThrownBy(reader::read)
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": checkpoint has more than 1 tensors; split it up");
  }

  @Test
  void shouldRefuseMoreMetadataThanTheBudgetAllows() throws IOException {
    // Given
    Handmade.file(file, "{'__metadata__':{'a':'','b':''}}", 0);
    HeaderReader reader = new HeaderReader(file, new HeaderBudget(1, 1000));

    // When, Then
    assertThatThrownBy(reader::read)
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": __metadata__ of the checkpoint has more than 1 entries");
  }

  @Test
  void shouldRefuseHeadersLongerThanTheBudgetAllows() throws IOException {
    // Given
    Handmade.file(file, "{}", 0);
    HeaderReader reader = new HeaderReader(file, new HeaderBudget(1, 1));

    // When, Then
    assertThatThrownBy(reader::read)
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": headers of the checkpoint exceed 1 bytes together; split it up");
  }
}
