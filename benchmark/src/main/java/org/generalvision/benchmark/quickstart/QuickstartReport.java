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
import org.generalvision.benchmark.report.ConfusionTable;
import org.generalvision.report.Cards;
import org.generalvision.report.Curves;
import org.generalvision.report.Gallery;
import org.generalvision.report.Page;
import org.generalvision.report.Table;

/** The page at the end of the quickstart. */
record QuickstartReport(
        Pretrained amateur,
        Pretrained clip,
        TitleScores titles,
        ProbeTable probes,
        Gallery found,
        TaskTable tasks,
        Cards seen,
        Map<String, Double> seconds) {
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
                                + " of the 60,000 training images: mean and 95 % interval over the probe seeds "
                                + FashionProbe.SEEDS
                                + ", which choose the share and the part of it that selects the penalty. At 20 % every seed"
                                + " has the same images, because no more are shipped, so there is no interval. Of a network"
                                + " the probe reads "
                                + TapFeatures.words()
                                + " over the training images (no labels), the same of all three networks; a row of its own"
                                + " shows what the pooled feature alone gives. Raw pixels are taken as they are. The"
                                + " networks were trained once, with one seed: the intervals say nothing of the luck of"
                                + " pretraining.",
                        probes.table())
                .section(
                        "Zero-shot and retrieval on held-out titles",
                        "The test part of the clip art, whose titles are in no training pair. Zero-shot sorts pictures into"
                                + " folders by the folders' names. R@K: how often the caption of a picture is among the K best"
                                + " of all, and the other way round; a caption that several pictures share is right for each"
                                + " of them.",
                        titles.table())
                .section(
                        "What the captions find",
                        "Held-out captions and the six pictures that " + amateur.name()
                                + " puts first. Framed: a picture that has this caption.",
                        found)
                .section(
                        "Experts, a generalist and its student",
                        "One network for one task, one for all, and a small one that was taught by that. Measured on held-out"
                                + " objects: top-1 accuracy over folders of clip art; average precision of boxes, mean IoU of"
                                + " masks and root mean square error of depth on scenes that are synthetic, composed of other"
                                + " clip art than those trained on. Each was trained for about a minute, a fraction of what its recipe says, so the"
                                + " figures show that every path works and not which is best: gv evidence measures that.",
                        tasks.table())
                .section(
                        "What they see",
                        "Held-out synthetic scenes: boxes of what a network is at least 30 % sure of, their masks, classes of"
                                + " pixels, and depth from red (near) to blue.",
                        seen)
                .section(
                        "Training",
                        "The two losses are sums of different terms, so their heights do not compare.",
                        curves("loss", "loss"),
                        curves("gradientNorm", "gradient norm"))
                .section(
                        "Confusion",
                        "In percent of each class: " + probes.rows().get(0).name()
                                + ", 10 % of the training images, seed "
                                + FashionProbe.SEEDS.get(FashionProbe.SEEDS.size() - 1) + ".",
                        new ConfusionTable(
                                probes.classes(), probes.cell(0, TENTH).confusion()))
                .section("Seeds, time and memory", seeds(), trainings(), times());
    }

    /** Share of the training time that was spent waiting for data, from 0 to 1. */
    double dataWait() {
        RunFigures first = RunFigures.read(amateur.directory());
        RunFigures second = RunFigures.read(clip.directory());
        return new RunFigures(first.seconds() + second.seconds(), first.waitSeconds() + second.waitSeconds(), 0)
                .dataWait();
    }

    private Table trainings() {
        List<List<String>> rows = new ArrayList<>();
        for (Pretrained run : List.of(amateur, clip)) {
            RunFigures figures = RunFigures.read(run.directory());
            rows.add(List.of(
                    run.name(),
                    Long.toString(run.recipe().train().seed()),
                    Long.toString(run.checkpoint().step()),
                    String.format(Locale.ROOT, "%.1f s", figures.seconds()),
                    String.format(Locale.ROOT, "%.2f %%", 100 * figures.dataWait()),
                    String.format(Locale.ROOT, "%.2f GB", figures.megabytes() / 1000)));
        }
        return new Table(List.of("training", "seed", "steps", "time", "of it waiting for data", "memory"), rows, -1);
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
        return "Network %s at %d pixels, %s, Java %s, %d processors."
                .formatted(
                        amateur.modelConfig().image(),
                        amateur.modelConfig().resolution(),
                        System.getProperty("os.arch"),
                        System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors());
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
