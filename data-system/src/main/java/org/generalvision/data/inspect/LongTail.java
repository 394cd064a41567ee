package org.generalvision.data.inspect;

import static org.generalvision.data.inspect.InspectionPage.number;
import static org.generalvision.data.inspect.InspectionPage.share;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.generalvision.report.Curves;

/** How unevenly labels are used, from the most frequent to the rarest. */
final class LongTail {
    private static final int HEAD = 10;

    /** A class with fewer examples than this is hardly learned. */
    private static final int FEW = 10;

    /** Ratio of the most frequent and the rarest from which logarithmic axes show more than linear ones. */
    private static final double LONG = 30;

    private static final double POINTS_PER_DECADE = 40;

    private final List<Map.Entry<String, Long>> ranked;

    LongTail(Map<String, Long> counts) {
        ranked = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }

    /** Labels by frequency. */
    List<String> names() {
        return ranked.stream().map(Map.Entry::getKey).toList();
    }

    String words() {
        long all = ranked.stream().mapToLong(Map.Entry::getValue).sum();
        long head = ranked.stream().limit(HEAD).mapToLong(Map.Entry::getValue).sum();
        long few = ranked.stream().filter(entry -> entry.getValue() < FEW).count();
        String text = "%s labels.".formatted(number(ranked.size()));
        if (ranked.size() > HEAD) {
            text += " The %d most frequent make up %s of all uses.".formatted(HEAD, share(head, all));
        }
        return few == 0
                ? text + " None has fewer than %d examples.".formatted(FEW)
                : text + " %s have fewer than %d examples, which is little to learn from.".formatted(number(few), FEW);
    }

    /** Frequency by rank, where there is a curve to see. */
    Optional<Curves> curve() {
        if (ranked.size() < HEAD
                || ranked.get(0).getValue().equals(ranked.get(ranked.size() - 1).getValue())) {
            return Optional.empty();
        }
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int rank = 1;
                rank <= ranked.size();
                rank = Math.max(rank + 1, (int) (rank * Math.pow(10, 1 / POINTS_PER_DECADE)))) {
            x.add((double) rank);
            y.add((double) ranked.get(rank - 1).getValue());
        }
        double ratio = y.get(0) / y.get(y.size() - 1);
        Curves.Axes axes = ratio < LONG ? Curves.Axes.LINEAR : Curves.Axes.LOGARITHMIC;
        return Optional.of(new Curves("rank of the label", "examples", List.of(new Curves.Line("labels", x, y)), axes));
    }
}
