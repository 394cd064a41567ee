package org.generalvision.benchmark.quickstart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.generalvision.metric.MeanInterval;
import org.generalvision.report.Table;

/**
 * Accuracies of linear probes: a row for each kind of features, a column for each share.
 *
 * @param rows the network that is tried first, its baselines after it
 * @param classes names of the classes
 */
record ProbeTable(List<FashionProbe.Row> rows, List<String> classes) {
    ProbeTable {
        rows = List.copyOf(rows);
        classes = List.copyOf(classes);
    }

    /** Number of the row with the highest mean accuracy at a share. */
    int best(int column) {
        return IntStream.range(0, rows.size())
                .boxed()
                .max(Comparator.comparingDouble(r -> cell(r, column).interval().mean()))
                .orElseThrow();
    }

    FashionProbe.Cell cell(int row, int column) {
        return rows.get(row).cells().get(column);
    }

    /** Who wins at a share, and by how much over each of the others. */
    String verdict(int column) {
        int winner = best(column);
        List<String> others = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            if (row != winner && rows.get(row).readout().headline()) {
                others.add(percent(cell(row, column).interval()) + " for "
                        + rows.get(row).name());
            }
        }
        return String.format(
                Locale.ROOT,
                "The winner is %s: a linear probe trained on %.0f %% of Fashion-MNIST's training images is right on %s of its"
                        + " test images, against %s.",
                rows.get(winner).name(),
                100 * cell(winner, column).fraction(),
                percent(cell(winner, column).interval()),
                String.join(", ", others));
    }

    Table table() {
        List<String> header = new ArrayList<>(List.of("features", "width"));
        rows.get(0).cells().forEach(cell -> header.add(String.format(Locale.ROOT, "%.0f %%", 100 * cell.fraction())));
        List<List<String>> body = new ArrayList<>();
        for (FashionProbe.Row row : rows) {
            List<String> texts = new ArrayList<>(List.of(row.name(), Integer.toString(row.width())));
            row.cells().forEach(cell -> texts.add(figure(cell)));
            body.add(texts);
        }
        return new Table(header, body, best(1));
    }

    private static String percent(MeanInterval interval) {
        return String.format(Locale.ROOT, "%.2f \u00b1 %.2f %%", 100 * interval.mean(), 100 * interval.halfWidth());
    }

    /** No interval where all seeds have the same images: it would speak of the choice of C alone. */
    private static String figure(FashionProbe.Cell cell) {
        return cell.isWholePool()
                ? String.format(Locale.ROOT, "%.2f %%", 100 * cell.interval().mean())
                : percent(cell.interval());
    }
}
