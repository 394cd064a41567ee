package org.generalvision.benchmark.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.generalvision.benchmark.report.ConfusionTable;
import org.generalvision.benchmark.report.Curves;
import org.generalvision.benchmark.report.Gallery;
import org.generalvision.benchmark.report.Page;
import org.generalvision.benchmark.report.Table;

/** The page at the end of the quickstart. */
record QuickstartReport(
        Pretrained amateur, Pretrained clip, ProbeTable probes, Gallery found, Map<String, Double> seconds) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The share that the first sentence speaks of. */
    private static final int TENTH = 1;

    String lead() {
        return probes.verdict(TENTH);
    }

    Page page() {
        return new Page("Quickstart: pretraining on clip art, probed on Fashion-MNIST", lead())
                .section(
                        "Percentage-shot linear probe",
                        "Accuracy on the 10,000 test images of Fashion-MNIST after training a linear classifier on a share"
                                + " of the 60,000 training images; mean and 95 % interval over probe seeds "
                                + FashionProbe.SEEDS
                                + ", which choose the share and the part of it that selects the penalty. At 20 % every seed"
                                + " has the same images, because no more are shipped. The networks were trained once, with"
                                + " one seed, so the intervals say nothing of the luck of pretraining.",
                        probes.table())
                .section(
                        "Zero-shot and retrieval on held-out titles",
                        "Clip art whose titles were in no training pair. Recalls count a picture's caption among the 1, 5 or"
                                + " 10 best of all, and the other way round; a caption that several pictures share is right"
                                + " for each of them.",
                        metrics())
                .section("What the captions find", "Framed: a picture that has this caption.", found)
                .section("Training", "", curves("loss", "loss"), curves("gradientNorm", "gradient norm"))
                .section(
                        "Confusion",
                        "In percent of each class: " + probes.rows().get(0).name()
                                + ", 10 % of the training images, seed "
                                + FashionProbe.SEEDS.get(FashionProbe.SEEDS.size() - 1) + ".",
                        new ConfusionTable(
                                probes.classes(), probes.cell(0, TENTH).confusion()))
                .section("Time and seeds", seeds(), times());
    }

    private Table metrics() {
        TreeSet<String> names = new TreeSet<>(amateur.metrics().keySet());
        names.addAll(clip.metrics().keySet());
        List<List<String>> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(List.of(
                    name,
                    percent(amateur.metrics().get(name)),
                    percent(clip.metrics().get(name))));
        }
        return new Table(List.of("metric", amateur.name(), clip.name()), rows, -1);
    }

    private static String percent(@org.jspecify.annotations.Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.2f %%", 100 * value);
    }

    private Curves curves(String metric, String title) {
        return new Curves("step", title, List.of(line(amateur, metric), line(clip, metric)));
    }

    private static Curves.Line line(Pretrained run, String metric) {
        Path file = run.directory().resolve("metrics.jsonl");
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        try {
            for (String text : Files.readAllLines(file)) {
                JsonNode entry = JSON.readTree(text);
                if (entry.has(metric)) {
                    x.add(entry.get("step").asDouble());
                    y.add(entry.get(metric).asDouble());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        return new Curves.Line(run.name(), x, y);
    }

    private String seeds() {
        return "Seed of %s: %d; of %s: %d. Network %s at %d pixels, %d and %d steps."
                .formatted(
                        amateur.name(),
                        amateur.recipe().train().seed(),
                        clip.name(),
                        clip.recipe().train().seed(),
                        amateur.modelConfig().image(),
                        amateur.modelConfig().resolution(),
                        amateur.checkpoint().step(),
                        clip.checkpoint().step());
    }

    private Table times() {
        List<List<String>> rows = new ArrayList<>();
        seconds.forEach((stage, time) -> rows.add(List.of(stage, String.format(Locale.ROOT, "%.1f s", time))));
        double total =
                seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        rows.add(List.of("all", String.format(Locale.ROOT, "%.1f s", total)));
        return new Table(List.of("stage", "time"), rows, rows.size() - 1);
    }
}
