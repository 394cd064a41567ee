package org.generalvision.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of texts; the first column names the row.
 *
 * @param header of each column
 * @param rows as many cells each as the header
 * @param best row to stand out, or -1
 */
public record Table(List<String> header, List<List<String>> rows, int best) implements Figure {
    /** A longer text is broken into lines, so that the table fits the page. */
    private static final int LONG = 48;

    public Table {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException(
                        "A row has %d cells under %d headers: %s".formatted(row.size(), header.size(), row));
            }
        }
    }

    @Override
    public Html html() {
        Html head = Html.element("tr", cells("th", header));
        Html body = Html.join(IntStream.range(0, rows.size())
                .mapToObj(i -> Html.element("tr", i == best ? "class=\"best\"" : "", cells("td", rows.get(i))))
                .toList());
        return Html.element("table", Html.join(List.of(Html.element("thead", head), Html.element("tbody", body))));
    }

    private static Html cells(String element, List<String> texts) {
        return Html.join(texts.stream()
                .map(text -> text.length() > LONG
                        ? Html.element(element, "class=\"long\"", Html.text(text))
                        : Html.element(element, Html.text(text)))
                .toList());
    }
}
