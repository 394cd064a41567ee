package org.generalvision.benchmark.quickstart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.generalvision.report.Table;
import org.jspecify.annotations.Nullable;

/**
 * Zero-shot and retrieval on titles that no pretraining has seen.
 *
 * @param metrics by name, for each run by its name
 */
record TitleScores(Map<String, SortedMap<String, Double>> metrics) {
    private static final Pattern RECALL = Pattern.compile("retrieval/[^/]+/(imageToText|textToImage)/recall(\\d+)");
    /** Puts R@10 after R@5. */
    private static final Comparator<String> BY_PREFIX_THEN_NUMBER = Comparator.comparing(
                    (String name) -> name.replaceAll("\\d+$", ""))
            .thenComparing(String::length)
            .thenComparing(name -> name);

    private static final Pattern ZERO_SHOT = Pattern.compile("zeroShot/[^/]+/(top1|meanPerClass)");

    TitleScores {
        metrics = new LinkedHashMap<>(metrics);
    }

    /** A line for each run. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        metrics.forEach((run, values) -> {
            List<String> parts = new ArrayList<>();
            values.forEach((name, value) -> parts.add(words(name) + " " + percent(value)));
            lines.add(run + " on held-out titles: " + String.join(", ", parts));
        });
        return lines;
    }

    Table table() {
        List<String> header = new ArrayList<>(List.of("measure"));
        header.addAll(metrics.keySet());
        List<List<String>> rows = new ArrayList<>();
        List<String> names = metrics.values().stream()
                .flatMap(values -> values.keySet().stream())
                .distinct()
                .sorted(Comparator.comparing(TitleScores::words, BY_PREFIX_THEN_NUMBER))
                .toList();
        for (String name : names) {
            List<String> row = new ArrayList<>(List.of(words(name)));
            metrics.values().forEach(values -> row.add(percent(values.get(name))));
            rows.add(row);
        }
        return new Table(header, rows, -1);
    }

    /** A metric as people in the field call it. */
    private static String words(String metric) {
        Matcher recall = RECALL.matcher(metric);
        if (recall.matches()) {
            return (recall.group(1).equals("imageToText") ? "image to text, R@" : "text to image, R@")
                    + recall.group(2);
        }
        Matcher zeroShot = ZERO_SHOT.matcher(metric);
        if (zeroShot.matches()) {
            return zeroShot.group(1).equals("top1") ? "zero-shot, top-1" : "zero-shot, mean per class";
        }
        return metric;
    }

    private static String percent(@Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * value);
    }
}
