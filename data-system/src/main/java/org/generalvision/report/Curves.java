package org.generalvision.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines over a common horizontal axis.
 *
 * @param xTitle name and unit of the horizontal axis
 * @param yTitle name and unit of the vertical axis
 * @param lines at least one
 * @param axes of both directions
 */
public record Curves(String xTitle, String yTitle, List<Line> lines, Axes axes) implements Figure {
    // Okabe and Ito's colors, which people with color blindness can tell apart.
    private static final List<Color> COLORS = List.of(
            new Color(0x0072b2), new Color(0xd55e00), new Color(0x009e73), new Color(0xcc79a7), new Color(0xe69f00));

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

    /** Points of equal number of x and y, at least one. */
    public record Line(String name, List<Double> x, List<Double> y) {
        public Line {
            x = List.copyOf(x);
            y = List.copyOf(y);
            if (x.size() != y.size() || x.isEmpty()) {
                throw new IllegalArgumentException("Line %s has %d x for %d y".formatted(name, x.size(), y.size()));
            }
        }
    }

    @Override
    public Html html() {
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        try {
            ChartEncoder.saveChart(chart(), svg, "svg");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot draw a chart", e);
        }
        // Inside a page the SVG element stands alone, without the declarations of a file.
        String markup = svg.toString(StandardCharsets.UTF_8);
        return Html.element("figure", "class=\"chart\"", new Html(markup.substring(markup.indexOf("<svg"))));
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .width(720)
                .height(300)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        chart.getStyler()
                .setChartBackgroundColor(Color.WHITE)
                .setLegendBorderColor(Color.WHITE)
                .setLegendFont(font);
        chart.getStyler().setAxisTitleFont(font).setAxisTickLabelsFont(font);
        chart.getStyler().setPlotGridLinesColor(new Color(0xe4e4e4)).setPlotBorderVisible(false);
        boolean logarithmic = axes == Axes.LOGARITHMIC;
        chart.getStyler().setXAxisLogarithmic(logarithmic).setYAxisLogarithmic(logarithmic);
        chart.getStyler().setLegendVisible(lines.size() > 1);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            XYSeries series = chart.addSeries(line.name(), line.x(), line.y());
            series.setMarker(line.x().size() > 12 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
            series.setLineColor(COLORS.get(i % COLORS.size()));
            series.setMarkerColor(COLORS.get(i % COLORS.size()));
            series.setLineStyle(new BasicStroke(1.8f));
        }
        return chart;
    }
}
