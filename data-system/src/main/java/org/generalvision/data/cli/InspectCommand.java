package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.inspect.Inspection;
import org.generalvision.data.inspect.Statistics;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.store.Location;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data inspect}: what a directory of shards holds. */
@Command(
        name = "inspect",
        description =
                "Print counts, label and caption statistics, sources and licences of a directory of shards, without"
                        + " what curation steps have removed; with --html as a page with pictures.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before it calls.
final class InspectCommand implements Callable<Integer> {
    private static final int SHOWN_LANGUAGES = 12;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            converter = LocationConverter.class,
            description = "Directory of shards, or s3://BUCKET/FOLDER.")
    private Location directory;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            converter = OutputConverter.class,
            description =
                    "Also write a page, which needs nothing else: figures, pictures with boxes, masks and depth, and"
                            + " groups of images that look the same.")
    private @Nullable Path html;

    @Option(
            names = "--compare",
            paramLabel = "N",
            description =
                    "With --html: most images among which those that look the same are looked for; of more, some that"
                            + " are evenly spread are taken (default ${DEFAULT-VALUE}).",
            defaultValue = "200000")
    private long compare;

    @Override
    public Integer call() {
        if (compare < 0) {
            throw new IllegalArgumentException("--compare must be at least 0: " + compare);
        }
        try (CuratedSource source = CuratedSource.open(directory)) {
            Inspection inspection = html == null ? look(source) : writePage(source, html);
            if (json) {
                DataCommand.printJson(spec, inspection);
            } else {
                print(inspection, spec.commandLine().getOut());
            }
        }
        return 0;
    }

    private Inspection look(CuratedSource source) {
        try (ProgressReport progress = ProgressReport.start("Reading " + directory, source.size(), "examples")) {
            return Inspection.of(source, progress::step);
        }
    }

    private Inspection writePage(CuratedSource source, Path file) {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException("--html names a folder, " + file + ": name the file in it");
        }
        long steps = source.size() + Math.min(source.size(), compare);
        try (ProgressReport progress = ProgressReport.start("Reading " + directory, steps, "images")) {
            Inspection.WithPage inspected = Inspection.withPage(lastName(directory), source, compare, progress::step);
            inspected.page().write(file);
            return inspected.inspection();
        }
    }

    private static String lastName(Location location) {
        return location instanceof Location.Local local ? SourceOptions.lastName(local.path()) : location.toString();
    }

    private static void print(Inspection inspection, PrintWriter output) {
        Manifest manifest = inspection.manifest();
        Statistics.Summary content = inspection.content();
        output.printf(
                "%d examples in %d shards, %,d bytes, manifest %s%n",
                manifest.examples(), manifest.shards().size(), manifest.bytes(), inspection.hash());
        if (!inspection.removed().isEmpty()) {
            output.printf("removed by curation: %s; what follows is about the rest%n", inspection.removed());
        }
        counts("annotated", content.annotated(), output);
        counts("sources", content.sources(), output);
        counts("licences", content.licences(), output);
        output.printf(
                "captions: %d, %d distinct, %d of one word, %.1f words on average, at most %d%n",
                content.captions().count(),
                content.captions().distinct(),
                content.captions().singleWord(),
                content.captions().meanWords(),
                content.captions().maxWords());
        output.printf("languages: %s%n", mostFrequent(content.captions().languages()));
        output.printf(
                "images: %,d bytes on average, at most %,d; longer side %s%n",
                content.images().meanBytes(),
                content.images().maxBytes(),
                content.images().longSide());
        counts("formats", content.images().formats(), output);
        output.printf(
                "boxes: %d of %d classes; masks: %d of %d classes%n",
                content.boxes().count(),
                content.boxes().labels().size(),
                content.masks().count(),
                content.masks().labels().size());
        output.printf("labels: %d%n", content.labels().size());
        content.labels().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> output.printf("%8d  %s%n", entry.getValue(), entry.getKey()));
    }

    private static String mostFrequent(Map<String, Long> counts) {
        String shown = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(SHOWN_LANGUAGES)
                .map(Map.Entry::toString)
                .collect(Collectors.joining(", ", "{", "}"));
        return counts.size() <= SHOWN_LANGUAGES
                ? shown
                : "%s and %d more".formatted(shown, counts.size() - SHOWN_LANGUAGES);
    }

    private static void counts(String name, Map<String, Long> counts, PrintWriter output) {
        output.printf("%s: %s%n", name, counts);
    }
}
