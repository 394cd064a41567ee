package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.ShardReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data inspect}: what a directory of shards holds. */
@Command(
        name = "inspect",
        description = "Print counts, label and caption statistics, sources and licences of a directory of shards.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before it calls.
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Directory of shards.")
    private Path directory;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    /** The document of {@code --json}. */
    record Inspection(String hash, Manifest manifest, Statistics.Summary content) {}

    @Override
    public Integer call() {
        Statistics statistics = new Statistics();
        try (ShardReader reader = ShardReader.open(directory);
                ProgressReport progress = ProgressReport.start("Reading " + directory, reader.size(), "examples")) {
            for (long i = 0; i < reader.size(); i++) {
                statistics.add(reader.get(i));
                progress.step();
            }
            Inspection inspection = new Inspection(reader.hash(), reader.manifest(), statistics.summary());
            if (json) {
                DataCommand.printJson(spec, inspection);
            } else {
                print(inspection, spec.commandLine().getOut());
            }
        }
        return 0;
    }

    private static void print(Inspection inspection, PrintWriter output) {
        Manifest manifest = inspection.manifest();
        Statistics.Summary content = inspection.content();
        output.printf(
                "%d examples in %d shards, %,d bytes, manifest %s%n",
                manifest.examples(), manifest.shards().size(), manifest.bytes(), inspection.hash());
        counts("annotated", manifest.annotated(), output);
        counts("sources", manifest.sources(), output);
        counts("licences", manifest.licences(), output);
        output.printf(
                "captions: %d, %d distinct, %d of one word, %.1f words on average, at most %d%n",
                content.captions().count(),
                content.captions().distinct(),
                content.captions().singleWord(),
                content.captions().meanWords(),
                content.captions().maxWords());
        counts("languages", content.captions().languages(), output);
        output.printf(
                "images: %,d bytes on average, at most %,d%n",
                content.images().meanBytes(), content.images().maxBytes());
        output.printf("labels: %d%n", content.labels().size());
        content.labels().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> output.printf("%8d  %s%n", entry.getValue(), entry.getKey()));
    }

    private static void counts(String name, Map<String, Long> counts, PrintWriter output) {
        output.printf("%s: %s%n", name, counts);
    }
}
