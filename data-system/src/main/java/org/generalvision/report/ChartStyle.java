package org.generalvision.report;

import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;

/** What all charts of a page have in common: colors, fonts, and how they become a part of it. */
final class ChartStyle {
    static final int WIDTH = 720;
    static final int HEIGHT = 300;

    // Okabe and Ito's colors, which people with color blindness can tell apart.
    private static final List<Color> COLORS = List.of(
            new Color(0x0072b2),
            new Color(0xd55e00),
            new Color(0x009e73),
            new Color(0xcc79a7),
            new Color(0xe69f00),
            new Color(0x56b4e9),
            new Color(0xf0e442),
            new Color(0x555555));

    private ChartStyle() {}

    /** The color of a line or a part; they repeat after eight. */
    static Color color(int index) {
        return COLORS.get(index % COLORS.size());
    }

    static void apply(AxesChartStyler styler) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        styler.setChartBackgroundColor(Color.WHITE)
                .setLegendBorderColor(Color.WHITE)
                .setLegendFont(font);
        styler.setAxisTitleFont(font).setAxisTickLabelsFont(font);
        styler.setPlotGridLinesColor(new Color(0xe4e4e4)).setPlotBorderVisible(false);
    }

    static Html figure(Chart<?, ?> chart) {
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        try {
            ChartEncoder.saveChart(chart, svg, "svg");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot draw a chart", e);
        }
        // Inside a page the SVG element stands alone, without the declarations of a file.
        String markup = svg.toString(StandardCharsets.UTF_8);
        return Html.element("figure", "class=\"chart\"", new Html(markup.substring(markup.indexOf("<svg"))));
    }
}
