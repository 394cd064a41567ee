package org.generalvision.benchmark.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.generalvision.benchmark.evidence.Study.Column;
import org.generalvision.benchmark.evidence.Study.Row;
import org.generalvision.benchmark.stage.Training;

/** What DeCLIP is worth against CLIP, and each of its terms. */
final class ImageTextStudies {
    /** Pairs of the starter corpus that are trained on. */
    static final int PAIRS = 2866;

    private static final int QUEUE = 1024;
    private static final int TOKENS = 2048;
    private static final int FEWER_TOKENS = 1024;

    private static final List<Double> SHARES = List.of(1.0, 0.5, 0.25, 0.125);

    private static final List<Column> COLUMNS = List.of(
            Column.percent("zero-shot top-1"),
            Column.percent("zero-shot, mean per class"),
            Column.percent("image to text R@10"),
            Column.percent("text to image R@10"));

    private static final List<String> METRICS = List.of(
            "zeroShot/clipart/top1",
            "zeroShot/clipart/meanPerClass",
            "retrieval/clipart/imageToText/recall10",
            "retrieval/clipart/textToImage/recall10");

    /** The published weights of the terms: arXiv 2110.05208, section 3.4, as its code normalizes them. */
    private static final Map<String, Double> WEIGHTS = weights();

    private ImageTextStudies() {}

    private static Map<String, Double> weights() {
        Map<String, Double> weights = new LinkedHashMap<>();
        weights.put("multiView", 0.4);
        weights.put("nearestNeighbor", 0.2);
        weights.put("imageSelf", 0.2);
        weights.put("textSelf", 0.2);
        return weights;
    }

    /** DeCLIP on all pairs, as the recipe has it; what the other stages begin with. */
    static Training amateur(long seed) {
        return declip(seed, 1);
    }

    /** All held-out pairs: two parts of a few hundred each, one after the other. */
    private static String heldOut(String key) {
        return key + "={kind: mixture, draws: 565, members: ["
                + "{name: validation, weight: 1, data: {kind: starter, split: clipart-validation}}, "
                + "{name: test, weight: 1, data: {kind: starter, split: clipart-test}}]}";
    }

    /** Measured on all held-out pairs, with a seed for everything that is drawn. */
    static Training measured(Training training, long seed) {
        return training.with(
                "train.seed=" + seed,
                "data.loader.seed=" + seed,
                heldOut("evaluation.zeroShot.0.data"),
                heldOut("evaluation.retrieval.0.data"));
    }

    private static Training declip(long seed, double share) {
        Training training = measured(
                        Training.of("amateur/%s-seed-%d".formatted(percent(share), seed), "amateur-desk"), seed)
                .with(pairs(share, seed));
        // The queue keeps its part of an epoch.
        return share == 1 ? training : training.with("objective.queueSize=" + Math.round(share * QUEUE));
    }

    /** Of as many views as DeCLIP's two of each pair take twice the steps. */
    private static Training clip(long seed, double share, boolean equalViews) {
        Training training = measured(
                        Training.of(
                                "clip/%s-%s-seed-%d".formatted(equalViews ? "views" : "pairs", percent(share), seed),
                                "clip-desk"),
                        seed)
                .with(pairs(share, seed));
        return equalViews ? training.with("train.steps=600") : training;
    }

    private static String[] pairs(double share, long seed) {
        if (share == 1) {
            return new String[0];
        }
        return new String[] {
            // The captions of fewer pairs give fewer tokens.
            "data.tokenizer.vocabularySize=" + (share < 0.5 ? FEWER_TOKENS : TOKENS),
            "data.train={kind: view, of: {kind: starter, split: clipart-train}, where: [], limit: {examples: %d, seed: %d}}"
                    .formatted(Math.round(share * PAIRS), seed)
        };
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static Row row(String label, LongFunction<Training> training) {
        return new Row(
                label,
                METRICS.stream()
                        .map(metric -> (Figure) new Figure.Measured(training, metric))
                        .toList());
    }

    /** DeCLIP and CLIP on shares of the pairs. */
    static Study dataEfficiency() {
        List<Row> rows = new ArrayList<>();
        for (double share : SHARES) {
            String label = percent(share) + " % of the pairs";
            rows.add(row("DeCLIP, " + label, seed -> declip(seed, share)));
            rows.add(row("CLIP, as many image views, " + label, seed -> clip(seed, share, true)));
        }
        Row all = rows.get(0);
        Row views = rows.get(1);
        Row pairs = row("CLIP, as many pairs, 100.0 % of the pairs", seed -> clip(seed, 1, false));
        rows.add(pairs);
        rows.add(all.less(views, "DeCLIP less CLIP at as many image views"));
        rows.add(all.less(pairs, "DeCLIP less CLIP at as many pairs"));
        rows.add(rows.get(2).less(views, "DeCLIP on half of the pairs less CLIP on all, at as many image views"));
        return new Study(
                "data-efficiency",
                "Does DeCLIP learn more than CLIP from the same pairs, and how few of them does it need for what CLIP learns"
                        + " from all? Held-out titles of the clip art.",
                COLUMNS,
                rows);
    }

    /** DeCLIP without each of its terms; the others share the weight that gets free. */
    static Study ablation() {
        Row all = row("all four terms", ImageTextStudies::amateur);
        List<Row> rows = new ArrayList<>(List.of(all));
        for (String term : WEIGHTS.keySet()) {
            rows.add(row("without " + term, seed -> without(term, seed)));
        }
        for (Row without : List.copyOf(rows.subList(1, rows.size()))) {
            rows.add(without.less(all, without.label() + ", less all four"));
        }
        return new Study("terms", "What is each of DeCLIP's four terms worth?", COLUMNS, rows);
    }

    private static Training without(String term, long seed) {
        double rest = WEIGHTS.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(term))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        String weights = WEIGHTS.entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%s: %.6f",
                        entry.getKey(),
                        entry.getKey().equals(term) ? 0 : entry.getValue() / rest))
                .collect(Collectors.joining(", ", "objective.weights={", "}"));
        String name = "amateur/without-%s-seed-%d".formatted(term.toLowerCase(Locale.ROOT), seed);
        return measured(Training.of(name, "amateur-desk"), seed).with(weights);
    }
}
