package org.generalvision.report;

import java.util.List;
import java.util.Locale;

/**
 * Names with a number each, drawn as bars below each other; the longest bar is the largest number.
 *
 * @param bars from top to bottom
 */
public record Bars(List<Bar> bars) implements Figure {
    public Bars {
        bars = List.copyOf(bars);
    }

    /**
     * A bar.
     *
     * @param value at least 0
     * @param note behind the number, such as a share; may be empty
     */
    public record Bar(String name, long value, String note) {
        public Bar {
            if (value < 0) {
                throw new IllegalArgumentException("A bar must not be negative: %s %d".formatted(name, value));
            }
        }
    }

    @Override
    public Html html() {
        long largest = bars.stream().mapToLong(Bar::value).max().orElse(0);
        return Html.element(
                "table",
                "class=\"bars\"",
                Html.join(bars.stream().map(bar -> row(bar, largest)).toList()));
    }

    private static Html row(Bar bar, long largest) {
        double share = (double) bar.value() / Math.max(1, largest);
        String width = String.format(Locale.ROOT, "style=\"width:%.2f%%\"", 100 * share);
        Html drawn = Html.element("span", width, Html.text(""));
        String number = String.format(Locale.ROOT, "%,d", bar.value());
        return Html.element(
                "tr",
                Html.join(List.of(
                        Html.element("th", Html.text(bar.name())),
                        Html.element("td", "class=\"bar\"", drawn),
                        Html.element("td", Html.text(number)),
                        Html.element("td", "class=\"note\"", Html.text(bar.note())))));
    }
}
