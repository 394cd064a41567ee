package org.generalvision.benchmark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.generalvision.metric.ConfusionMatrix;
import org.generalvision.report.Figure;
import org.generalvision.report.Html;

/**
 * A confusion matrix as a shaded table: a row for each true class, shares of that class in percent.
 *
 * @param classes names by class number
 * @param matrix counts
 */
public record ConfusionTable(List<String> classes, ConfusionMatrix matrix) implements Figure {
    public ConfusionTable {
        classes = List.copyOf(classes);
        if (classes.size() != matrix.classes()) {
            throw new IllegalArgumentException(
                    "There are %d names for %d classes".formatted(classes.size(), matrix.classes()));
        }
    }

    @Override
    public Html html() {
        List<Html> rows = new ArrayList<>();
        rows.add(header());
        for (int label = 0; label < classes.size(); label++) {
            rows.add(row(label));
        }
        return Html.element("table", "class=\"confusion\"", Html.join(rows));
    }

    private Html header() {
        List<Html> cells = new ArrayList<>();
        cells.add(Html.element("th", Html.text("true \\ predicted")));
        classes.forEach(name -> cells.add(Html.element("th", Html.text(name))));
        return Html.element("tr", Html.join(cells));
    }

    private Html row(int label) {
        List<Html> cells = new ArrayList<>();
        cells.add(Html.element("th", Html.text(classes.get(label))));
        for (int predicted = 0; predicted < classes.size(); predicted++) {
            double share = (double) matrix.count(label, predicted) / Math.max(1, matrix.samples(label));
            String shade = "style=\"--share:%.3f\"".formatted(share);
            String number = share == 0 ? "" : String.format(Locale.ROOT, "%.0f", 100 * share);
            cells.add(Html.element("td", shade, Html.text(number)));
        }
        return Html.element("tr", Html.join(cells));
    }
}
