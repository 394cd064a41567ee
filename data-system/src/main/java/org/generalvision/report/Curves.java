package org.generalvision.report;

import java.awt.BasicStroke;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines, and clouds of points, over a common horizontal axis.
 *
 * @param xTitle name and unit of the horizontal axis
 * @param yTitle name and unit of the vertical axis
 * @param lines at least one
 * @param axes of both directions
 */
public record Curves(String xTitle, String yTitle, List<Line> lines, Axes axes) implements Figure {
    private static final int CLOUD_MARKER = 5;

    public Curves {
        lines = List.copyOf(lines);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("Curves need at least one line");
        }
    }

    /** Curves on linear axes. */
    public Curves(String xTitle, String yTitle, List<Line> lines) {
        this(xTitle, yTitle, lines, Axes.LINEAR);
    }

    /** What equal distances mean: equal differences, or equal ratios of positive numbers. */
    public enum Axes {
        LINEAR,
        LOGARITHMIC
    }

    /**
     * Points of equal number of x and y, at least one.
     *
     * @param joined whether they are joined by a line, or stand as a cloud
     */
    public record Line(String name, List<Double> x, List<Double> y, boolean joined) {
        public Line {
            x = List.copyOf(x);
            y = List.copyOf(y);
            if (x.size() != y.size() || x.isEmpty()) {
                throw new IllegalArgumentException("Line %s has %d x for %d y".formatted(name, x.size(), y.size()));
            }
        }

        /** A line. */
        public Line(String name, List<Double> x, List<Double> y) {
            this(name, x, y, true);
        }

        /** A cloud of points. */
        public static Line cloud(String name, List<Double> x, List<Double> y) {
            return new Line(name, x, y, false);
        }
    }

    @Override
    public Html html() {
        return ChartStyle.figure(chart());
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .width(ChartStyle.WIDTH)
                .height(ChartStyle.HEIGHT)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setMarkerSize(CLOUD_MARKER);
        boolean logarithmic = axes == Axes.LOGARITHMIC;
        chart.getStyler().setXAxisLogarithmic(logarithmic).setYAxisLogarithmic(logarithmic);
        chart.getStyler().setLegendVisible(lines.size() > 1);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            XYSeries series = chart.addSeries(line.name(), line.x(), line.y());
            boolean marked = !line.joined() || line.x().size() <= 12;
            series.setMarker(marked ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
            series.setXYSeriesRenderStyle(
                    line.joined() ? XYSeries.XYSeriesRenderStyle.Line : XYSeries.XYSeriesRenderStyle.Scatter);
            series.setLineColor(ChartStyle.color(i));
            series.setMarkerColor(ChartStyle.color(i));
            series.setLineStyle(new BasicStroke(1.8f));
        }
        return chart;
    }
}
