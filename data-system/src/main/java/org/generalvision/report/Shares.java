package org.generalvision.report;

import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;

/**
 * Bars that are divided into parts: what each whole is made of.
 *
 * @param xTitle what the bars stand for
 * @param yTitle what is divided
 * @param bars a name for each bar, at least one, each once
 * @param parts at least one
 */
public record Shares(String xTitle, String yTitle, List<String> bars, List<Part> parts) implements Figure {
    private static final int LEAST_HEIGHT = 220;
    private static final int LEGEND_LINE = 31;
    private static final int LEGEND_MARGIN = 45;

    /** A part's share of each bar. */
    public record Part(String name, List<Double> shares) {
        public Part {
            shares = List.copyOf(shares);
        }
    }

    public Shares {
        bars = List.copyOf(bars);
        parts = List.copyOf(parts);
        if (bars.isEmpty() || parts.isEmpty()) {
            throw new IllegalArgumentException("Shares need at least one bar and one part");
        }
        for (Part part : parts) {
            if (part.shares().size() != bars.size()) {
                throw new IllegalArgumentException("Part %s has %d shares for %d bars"
                        .formatted(part.name(), part.shares().size(), bars.size()));
            }
        }
    }

    @Override
    public Html html() {
        CategoryChart chart = new CategoryChartBuilder()
                .width(ChartStyle.WIDTH)
                .height(Math.max(LEAST_HEIGHT, LEGEND_MARGIN + LEGEND_LINE * parts.size()))
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setStacked(true).setAvailableSpaceFill(0.95);
        for (int i = 0; i < parts.size(); i++) {
            CategorySeries series =
                    chart.addSeries(parts.get(i).name(), bars, parts.get(i).shares());
            series.setFillColor(ChartStyle.color(i));
        }
        return ChartStyle.figure(chart);
    }
}
