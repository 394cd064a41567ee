package org.generalvision.upstream.expert;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.jspecify.annotations.Nullable;

/**
 * What the training data of a head show, looked at before the first step: data that do not fit a head are refused at once, not when
 * the first of them comes up.
 *
 * @param vocabulary of the head's task
 * @param looked examples that were looked at
 * @param size examples of the data
 * @param counts by class, in how many of those looked at it is shown
 * @param silent how many of those looked at show no class
 * @param first one of these, or null
 */
record DataSurvey(
        Vocabulary vocabulary,
        long looked,
        long size,
        Map<String, Long> counts,
        long silent,
        @Nullable Example first) {
    /** Of larger data an evenly spread part is looked at. */
    private static final long MOST = 200_000;

    private static final int NAMED = 10;

    static DataSurvey of(Vocabulary vocabulary, ExampleSource source) {
        long looked = Math.min(source.size(), MOST);
        Map<String, Long> counts = new HashMap<>();
        long silent = 0;
        Example first = null;
        for (long i = 0; i < looked; i++) {
            Example example = source.get(i * source.size() / looked);
            var shown = vocabulary.shown().apply(example);
            shown.stream().distinct().forEach(name -> counts.merge(name, 1L, Long::sum));
            if (shown.isEmpty()) {
                silent++;
                first = first == null ? example : first;
            }
        }
        return new DataSurvey(vocabulary, looked, source.size(), counts, silent, first);
    }

    /**
     * Refuses data that the head cannot learn from.
     *
     * @param dataSet name in messages
     */
    void require(String dataSet) {
        if (size == 0) {
            throw new IllegalArgumentException("The training data of %s have no examples".formatted(dataSet));
        }
        if (silent == looked) {
            throw new IllegalArgumentException(
                    "None of the %d training examples of %s that were looked at shows any of the %d classes %s; the first, %s, has the labels %s: name other data or other classes"
                            .formatted(
                                    looked,
                                    dataSet,
                                    vocabulary.classes().size(),
                                    some(vocabulary.classes()),
                                    first == null ? "" : first.id(),
                                    first == null ? List.of() : first.labels()));
        }
        if (first != null && vocabulary.silence() == Vocabulary.Silence.UNUSABLE) {
            throw new IllegalArgumentException(
                    "%d of %d training examples of %s show none of the %d classes, such as %s with the labels %s: leave them out by a view with a condition of kind labels, or name their classes"
                            .formatted(
                                    silent,
                                    looked,
                                    dataSet,
                                    vocabulary.classes().size(),
                                    first.id(),
                                    first.labels()));
        }
    }

    /** Classes that no example shows, whose share of the head will learn to stay silent. */
    List<String> missing() {
        return vocabulary.classes().stream()
                .filter(name -> !counts.containsKey(name))
                .toList();
    }

    /** What should be said of the data, or the empty text. */
    String report(String dataSet) {
        List<String> missing = missing();
        if (missing.isEmpty()) {
            return "";
        }
        return looked < size
                ? "%s: none of the %d training examples that were looked at, of %d, shows %s"
                        .formatted(dataSet, looked, size, some(missing))
                : "%s: none of %d training examples shows %s; the head cannot learn %s"
                        .formatted(dataSet, looked, some(missing), missing.size() == 1 ? "it" : "them");
    }

    private static String some(List<String> names) {
        String list = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return names.size() > NAMED ? list + " and %d more".formatted(names.size() - NAMED) : list;
    }
}
