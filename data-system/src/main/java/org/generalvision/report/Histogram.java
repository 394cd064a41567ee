package org.generalvision.report;

import java.util.List;
import java.util.Locale;

/**
 * How often values fall into ranges, as columns side by side.
 *
 * @param title what is counted over what, for example {@code "Words in a caption"}
 * @param columns from left to right
 */
public record Histogram(String title, List<Column> columns) implements Figure {
    public Histogram {
        columns = List.copyOf(columns);
    }

    /**
     * A range.
     *
     * @param name of the range
     * @param count at least 0
     */
    public record Column(String name, long count) {
        public Column {
            if (count < 0) {
                throw new IllegalArgumentException("A count must not be negative: %s %d".formatted(name, count));
            }
        }
    }

    @Override
    public Html html() {
        long largest = columns.stream().mapToLong(Column::count).max().orElse(0);
        Html drawn = Html.join(
                columns.stream().map(column -> column(column, largest)).toList());
        return Html.element(
                "figure",
                "class=\"histogram\"",
                Html.join(List.of(
                        Html.element("figcaption", Html.text(title)),
                        Html.element("div", "class=\"columns\"", drawn))));
    }

    private static Html column(Column column, long largest) {
        double share = (double) column.count() / Math.max(1, largest);
        String height = String.format(Locale.ROOT, "style=\"height:%.2f%%\"", 100 * share);
        String exact = Html.text(String.format(Locale.ROOT, "%s: %,d", column.name(), column.count()))
                .markup();
        return Html.element(
                "div",
                "title=\"" + exact + "\"",
                Html.join(List.of(
                        Html.element("b", Html.text(brief(column.count()))),
                        Html.element("i", Html.element("span", height, Html.text(""))),
                        Html.element("small", Html.text(column.name())))));
    }

    /** A count in at most five characters. */
    private static String brief(long count) {
        if (count < 10_000) {
            return Long.toString(count);
        }
        return count < 1_000_000
                ? String.format(Locale.ROOT, "%dk", count / 1000)
                : String.format(Locale.ROOT, "%.1fM", count / 1e6);
    }
}
