package io.deltapress.djl.study.plot;

import java.awt.Color;
import java.awt.Shape;
import java.awt.Stroke;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** One pair of axes with lines, markers and bars of deviation. */
final class Panel {

  private final XYIntervalSeriesCollection data = new XYIntervalSeriesCollection();
  private final XYErrorRenderer renderer = new XYErrorRenderer();
  private final JFreeChart chart;
  private final XYPlot plot;

  Panel(String title, ValueAxis horizontal, ValueAxis vertical) {
    plot = new XYPlot(data, horizontal, vertical, renderer);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setDomainGridlinePaint(Style.GRID);
    plot.setRangeGridlinePaint(Style.GRID);
    plot.setDomainGridlineStroke(Style.solid(1));
    plot.setRangeGridlineStroke(Style.solid(1));
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    renderer.setDefaultLinesVisible(true);
    renderer.setDrawXError(false);
    renderer.setCapLength(4);
    renderer.setErrorStroke(Style.solid(1.2f));
    chart = new JFreeChart(null, Style.LABEL, plot, false);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(new RectangleInsets(4, 4, 4, 12));
    TextTitle heading = new TextTitle(title, Style.PANEL_TITLE);
    heading.setPaint(Style.TEXT);
    heading.setHorizontalAlignment(HorizontalAlignment.LEFT);
    heading.setPadding(new RectangleInsets(2, 6, 6, 0));
    chart.setTitle(heading);
  }

  /** How a line looks; without a stroke there are markers only. */
  record Look(Color color, Stroke stroke, Shape marker, boolean lines) {}

  /** Adds a line; its points follow. */
  Line line(String name, Look look) {
    XYIntervalSeries series = new XYIntervalSeries(name, false, true);
    int index = data.getSeriesCount();
    data.addSeries(series);
    renderer.setSeriesPaint(index, look.color());
    renderer.setSeriesStroke(index, look.stroke());
    renderer.setSeriesShape(index, look.marker());
    renderer.setSeriesLinesVisible(index, look.lines());
    return new Line(series);
  }

  /** A horizontal line to compare with. */
  void reference(double value) {
    ValueMarker marker = new ValueMarker(value, Style.REFERENCE, Style.dashed(1.2f, 3, 3));
    plot.addRangeMarker(marker);
  }

  JFreeChart chart() {
    return chart;
  }

  XYPlot plot() {
    return plot;
  }

  /** A line that grows. */
  record Line(XYIntervalSeries series) {

    Line point(double x, double y) {
      return point(x, y, 0);
    }

    Line point(double x, double y, double deviation) {
      series.add(x, x, x, y, y - deviation, y + deviation);
      return this;
    }
  }
}
