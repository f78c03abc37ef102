package io.deltapress.djl.study.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.deltapress.djl.study.Technique;
import io.deltapress.djl.study.report.ResultsMarkdown.Picture;
import io.deltapress.djl.study.report.StudySamples;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyPlotsTest {

  @TempDir private Path directory;

  @BeforeEach
  void requireFonts() {
    assumeThat(StudyPlots.available()).as("fonts are installed").isTrue();
  }

  @Test
  void shouldDrawEveryPictureAtTheWidthOfAPage() throws IOException {
    // When
    List<Picture> pictures = StudyPlots.write(StudySamples.document(), directory);

    // Then
    assertThat(pictures)
        .extracting(Picture::file)
        .containsExactly(
            "score-against-p.png",
            "q-per-layer.png",
            "output-change-against-q.png",
            "size-against-score.png");
    for (Picture picture : pictures) {
      Path file = directory.resolve(picture.file());
      assertThat(Files.size(file)).isBetween(5_000L, 150_000L);
      assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(1200);
    }
  }

  @Test
  void shouldDrawALineInTheColourOfEachTechnique() {
    // When
    BufferedImage image = ScorePlot.of(StudySamples.document()).draw();

    // Then
    assertThat(pixels(image, Style.color(Technique.DARE).getRGB())).isGreaterThan(100);
    assertThat(pixels(image, Style.color(Technique.DAREX_Q_OUTPUT_CHANGE).getRGB()))
        .isGreaterThan(100);
    assertThat(pixels(image, Style.color(Technique.DAREX_Q_GRADIENT).getRGB())).isZero();
  }

  @Test
  void shouldKeepTheColoursThatCountWhenThereAreToBeFew() {
    // Given
    BufferedImage image = new BufferedImage(300, 2, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 300; x++) {
      image.setRGB(x, 0, 0xd55e00);
      image.setRGB(x, 1, x);
    }

    // When
    BufferedImage few = FewColors.of(image);

    // Then
    assertThat(few.getRGB(299, 0)).isEqualTo(0xffd55e00);
    assertThat(few.getRGB(10, 1)).isEqualTo(0xff00000a);
    assertThat(few.getRGB(299, 1) & 0xff).isBetween(0, 299 - 256);
  }

  @Test
  void shouldOrderLayersAsTheForwardPassDoes() {
    // Then
    assertThat(
            List.of(
                    new LayerName("model.layers.10.self_attn.q_proj.weight"),
                    new LayerName("model.layers.2.mlp.down_proj.weight"),
                    new LayerName("model.layers.2.self_attn.v_proj.weight"),
                    new LayerName("model.layers.2.mlp.gate_proj.weight"))
                .stream()
                .sorted()
                .map(LayerName::tensor))
        .containsExactly(
            "model.layers.2.self_attn.v_proj.weight",
            "model.layers.2.mlp.gate_proj.weight",
            "model.layers.2.mlp.down_proj.weight",
            "model.layers.10.self_attn.q_proj.weight");
  }

  private static int pixels(BufferedImage image, int color) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += image.getRGB(x, y) == color ? 1 : 0;
      }
    }
    return count;
  }
}
