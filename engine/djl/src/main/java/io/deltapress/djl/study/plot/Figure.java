package io.deltapress.djl.study.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** A picture: a title, panels in rows and columns, and one legend for all of them. */
final class Figure {

  private static final int WIDTH = 1200;
  private static final int TITLE_HEIGHT = 44;
  private static final int LEGEND_ROW = 26;
  private static final int MARGIN = 14;
  private static final int SAMPLE = 34;
  private static final int GAP = 26;

  private final String title;
  private final int columns;
  private final int panelHeight;
  private final List<Panel> panels = new ArrayList<>();
  private final List<Entry> legend = new ArrayList<>();

  Figure(String title, int columns, int panelHeight) {
    this.title = title;
    this.columns = columns;
    this.panelHeight = panelHeight;
  }

  /** How many panels stand side by side, out of how many: two rows, and four columns at most. */
  static int columns(int panels) {
    return Math.min(4, Math.max(1, (panels + 1) / 2));
  }

  private record Entry(String text, Panel.Look look) {}

  void add(Panel panel) {
    panels.add(panel);
  }

  void legend(String text, Panel.Look look) {
    legend.add(new Entry(text, look));
  }

  boolean isEmpty() {
    return panels.isEmpty();
  }

  /** Writes the picture as PNG, whole or not at all. */
  void write(Path file) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(FewColors.of(draw()), "png", png);
    Files.write(file, png.toByteArray());
  }

  BufferedImage draw() {
    int rows = (panels.size() + columns - 1) / columns;
    List<List<Entry>> legendRows = legendRows();
    int height = TITLE_HEIGHT + rows * panelHeight + legendRows.size() * LEGEND_ROW + MARGIN;
    BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, WIDTH, height);
    graphics.setColor(Style.TEXT);
    graphics.setFont(Style.TITLE);
    graphics.drawString(title, MARGIN, 30);
    double width = (double) (WIDTH - 2 * MARGIN) / columns;
    for (int i = 0; i < panels.size(); i++) {
      Rectangle2D area =
          new Rectangle2D.Double(
              MARGIN + (i % columns) * width,
              TITLE_HEIGHT + (double) (i / columns) * panelHeight,
              width,
              panelHeight);
      panels.get(i).chart().draw(graphics, area);
    }
    drawLegend(graphics, legendRows, TITLE_HEIGHT + rows * panelHeight);
    graphics.dispose();
    return image;
  }

  private List<List<Entry>> legendRows() {
    List<List<Entry>> rows = new ArrayList<>();
    double left = 0;
    for (Entry entry : legend) {
      double width = SAMPLE + GAP + textWidth(entry.text());
      if (rows.isEmpty() || left + width > WIDTH - 2 * MARGIN) {
        rows.add(new ArrayList<>());
        left = 0;
      }
      rows.get(rows.size() - 1).add(entry);
      left += width;
    }
    return rows;
  }

  private static double textWidth(String text) {
    return Style.LABEL
        .getStringBounds(
            text, new java.awt.font.FontRenderContext(new AffineTransform(), true, true))
        .getWidth();
  }

  private static void drawLegend(Graphics2D graphics, List<List<Entry>> rows, int top) {
    graphics.setFont(Style.LABEL);
    double y = top + LEGEND_ROW / 2.0;
    for (List<Entry> row : rows) {
      double x = MARGIN + 8;
      for (Entry entry : row) {
        drawSample(graphics, entry.look(), x, y);
        graphics.setColor(Style.TEXT);
        graphics.drawString(entry.text(), (float) (x + SAMPLE + 4), (float) (y + 5));
        x += SAMPLE + GAP + textWidth(entry.text());
      }
      y += LEGEND_ROW;
    }
  }

  private static void drawSample(Graphics2D graphics, Panel.Look look, double x, double y) {
    graphics.setColor(look.color());
    if (look.lines()) {
      graphics.setStroke(look.stroke());
      graphics.draw(new Line2D.Double(x, y, x + SAMPLE - 4, y));
    }
    graphics.setStroke(new BasicStroke(1));
    Shape marker =
        AffineTransform.getTranslateInstance(x + (SAMPLE - 4) / 2.0, y)
            .createTransformedShape(look.marker());
    graphics.fill(marker);
  }
}
