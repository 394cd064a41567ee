package org.generalvision.benchmark.evidence;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.generalvision.benchmark.stage.Training;
import org.generalvision.benchmark.stage.Trainings;
import org.generalvision.metric.MeanInterval;
import org.generalvision.report.Table;

/**
 * A question, and a table that answers it.
 *
 * @param name to ask for it by
 * @param question that it answers
 * @param columns above the figures
 * @param rows below
 */
record Study(String name, String question, List<Column> columns, List<Row> rows) {
    private static final String NONE = "-";

    Study {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        for (Row row : rows) {
            if (row.figures().size() != columns.size()) {
                throw new IllegalArgumentException("The row %s of %s has %d figures under %d columns"
                        .formatted(row.label(), name, row.figures().size(), columns.size()));
            }
        }
    }

    /**
     * A column.
     *
     * @param title of the figures, with their unit
     * @param factor from what is measured to that unit, such as 100 for percent
     * @param digits behind the point
     */
    record Column(String title, double factor, int digits) {
        static Column percent(String title) {
            return new Column(title + ", %", 100, 1);
        }
    }

    /** A row: one figure for each column. */
    record Row(String label, List<Figure> figures) {
        Row {
            figures = List.copyOf(figures);
        }

        /** What this row has more than another, seed by seed. */
        Row less(Row other, String label) {
            List<Figure> differences = new ArrayList<>();
            for (int i = 0; i < figures.size(); i++) {
                differences.add(new Figure.Difference(figures.get(i), other.figures.get(i)));
            }
            return new Row(label, differences);
        }
    }

    /** The trainings of a seed, each once, in the order of the rows. */
    Set<Training> trainings(long seed) {
        Set<Training> all = new LinkedHashSet<>();
        rows.forEach(
                row -> row.figures().forEach(figure -> figure.trainings(seed).forEach(all::add)));
        return all;
    }

    /** Mean and 95 % interval over the seeds. */
    Table table(List<Long> seeds, Trainings trainings) {
        List<String> header = new ArrayList<>(List.of(""));
        columns.forEach(column -> header.add(column.title()));
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            List<String> texts = new ArrayList<>(List.of(row.label()));
            for (int i = 0; i < columns.size(); i++) {
                Figure figure = row.figures().get(i);
                double[] values = seeds.stream()
                        .mapToDouble(seed -> figure.of(seed, trainings))
                        .toArray();
                texts.add(text(values, columns.get(i)));
            }
            cells.add(texts);
        }
        return new Table(header, cells, -1);
    }

    /** The mean, with the half of the interval if there is one; a dash where a training did not measure the figure. */
    static String text(double[] values, Column column) {
        MeanInterval interval = MeanInterval.of(values);
        if (Double.isNaN(interval.mean())) {
            return NONE;
        }
        String number = "%." + column.digits() + "f";
        return interval.count() == 1
                ? String.format(Locale.ROOT, number, column.factor() * interval.mean())
                : String.format(
                        Locale.ROOT,
                        number + " +- " + number,
                        column.factor() * interval.mean(),
                        column.factor() * interval.halfWidth());
    }
}
