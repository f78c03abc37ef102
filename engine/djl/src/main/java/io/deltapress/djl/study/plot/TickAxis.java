package io.deltapress.djl.study.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickUnit;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** An axis whose ticks are given, so that any scale can be drawn on a linear one. */
final class TickAxis extends NumberAxis {
  private static final long serialVersionUID = 1L;

  private final TreeMap<Double, String> ticks;

  /**
   * Makes an axis.
   *
   * @param label with its unit
   * @param ticks labels by position
   * @param lower where it begins
   * @param upper where it ends
   */
  TickAxis(String label, SortedMap<Double, String> ticks, double lower, double upper) {
    super(label);
    this.ticks = new TreeMap<>(ticks);
    setRange(lower, upper);
    setLabelFont(Style.LABEL);
    setTickLabelFont(Style.TICK);
    setLabelPaint(Style.TEXT);
    setTickLabelPaint(Style.TEXT);
    setAxisLinePaint(Style.TEXT);
    setTickMarkPaint(Style.TEXT);
  }

  @Override
  protected List<NumberTick> refreshTicksHorizontal(
      Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
    return ticks(TextAnchor.TOP_CENTER);
  }

  @Override
  protected List<NumberTick> refreshTicksVertical(
      Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
    return ticks(TextAnchor.CENTER_RIGHT);
  }

  private List<NumberTick> ticks(TextAnchor anchor) {
    List<NumberTick> shown = new ArrayList<>();
    for (Map.Entry<Double, String> tick : ticks.entrySet()) {
      if (getRange().contains(tick.getKey())) {
        shown.add(new NumberTick(tick.getKey(), tick.getValue(), anchor, TextAnchor.CENTER, 0));
      }
    }
    return shown;
  }

  @Override
  protected void selectHorizontalAutoTickUnit(
      Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {}

  @Override
  protected void selectVerticalAutoTickUnit(
      Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {}

  @Override
  protected double estimateMaximumTickLabelWidth(Graphics2D graphics, TickUnit unit) {
    return 0;
  }
}
