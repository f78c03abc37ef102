package io.deltapress.djl.study.plot;

import io.deltapress.djl.study.Technique;
import io.deltapress.format.artifact.ValueCode;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/**
 * How things look, the same in every picture. Colours are those of Okabe and Ito, which people with
 * any colour vision tell apart; dashes and markers say the same once more.
 */
final class Style {

  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 20);
  static final Font PANEL_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  static final Color TEXT = new Color(0x22, 0x22, 0x22);
  static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
  static final Color REFERENCE = new Color(0x88, 0x88, 0x88);

  private static final Color VERMILION = new Color(0xd5, 0x5e, 0x00);
  private static final Color BLUE = new Color(0x00, 0x72, 0xb2);
  private static final Color SKY = new Color(0x56, 0xb4, 0xe9);
  private static final Color GREEN = new Color(0x00, 0x9e, 0x73);
  private static final Color PURPLE = new Color(0xcc, 0x79, 0xa7);
  private static final Color ORANGE = new Color(0xe6, 0x9f, 0x00);
  private static final Color BLACK = new Color(0x11, 0x11, 0x11);
  private static final Color GREY = new Color(0x77, 0x77, 0x77);

  private static final float[] DASHED = {7, 4};
  private static final float[] DOTTED = {2, 3};

  private Style() {}

  static Color color(Technique technique) {
    return switch (technique) {
      case DARE -> VERMILION;
      case DAREX_Q_VALIDATION, DAREX_Q_OUTPUT_CHANGE -> BLUE;
      case DAREX_Q_ANALYTIC -> GREEN;
      case DAREX_Q_SHAPED -> PURPLE;
      case DAREX_Q_GRADIENT -> ORANGE;
      case MAGNITUDE -> BLACK;
      case WANDA -> GREY;
      case STRUCTURAL, STRUCTURAL_OUTPUT_CHANGE -> SKY;
    };
  }

  /** Solid for single positions drawn at random, dashed for importance, dotted for whole rows. */
  static Stroke stroke(Technique technique) {
    return switch (technique.method()) {
      case DARE, DAREX_Q -> solid(2f);
      case MAGNITUDE, WANDA -> dashed(2f, DASHED);
      case STRUCTURAL -> dashed(2f, DOTTED);
    };
  }

  static Shape marker(Technique technique) {
    return switch (technique) {
      case DARE, STRUCTURAL -> cross(4);
      case DAREX_Q_VALIDATION -> square(7);
      case DAREX_Q_OUTPUT_CHANGE, STRUCTURAL_OUTPUT_CHANGE -> circle(8);
      case DAREX_Q_ANALYTIC, MAGNITUDE -> triangle(5);
      case DAREX_Q_SHAPED, WANDA -> diamond(5);
      case DAREX_Q_GRADIENT -> square(5);
    };
  }

  static Color color(ValueCode values) {
    return switch (values) {
      case EXACT -> BLACK;
      case BF16 -> BLUE;
      case F16 -> SKY;
      case INT8 -> GREEN;
      case INT4 -> VERMILION;
    };
  }

  /** Any number of things without a style of their own, such as fine-tunes. */
  static Color color(int index) {
    Color[] colors = {BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK, GREY};
    return colors[index % colors.length];
  }

  static Shape marker(int index) {
    Shape[] markers = {circle(8), square(7), triangle(5), diamond(5), cross(4)};
    return markers[index % markers.length];
  }

  static Stroke solid(float width) {
    return new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  static Stroke dashed(float width, float... pattern) {
    return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, pattern, 0);
  }

  static Shape circle(double size) {
    return new Ellipse2D.Double(-size / 2, -size / 2, size, size);
  }

  static Shape square(double size) {
    return new Rectangle2D.Double(-size / 2, -size / 2, size, size);
  }

  private static Shape triangle(double reach) {
    return polygon(0, -reach, reach, reach, -reach, reach);
  }

  private static Shape diamond(double reach) {
    return polygon(0, -reach, reach, 0, 0, reach, -reach, 0);
  }

  private static Shape cross(double reach) {
    double in = reach / 3;
    double out = reach;
    return polygon(
        -out, -out + in, -out + in, -out, 0, -in, out - in, -out, out, -out + in, in, 0, out,
        out - in, out - in, out, 0, in, -out + in, out, -out, out - in, -in, 0);
  }

  private static Shape polygon(double... coordinates) {
    Path2D path = new Path2D.Double();
    path.moveTo(coordinates[0], coordinates[1]);
    for (int i = 2; i < coordinates.length; i += 2) {
      path.lineTo(coordinates[i], coordinates[i + 1]);
    }
    path.closePath();
    return path;
  }
}
