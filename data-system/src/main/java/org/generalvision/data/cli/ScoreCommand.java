package org.generalvision.data.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.curate.ZeroShotScores;
import org.generalvision.data.example.Embedder;
import org.generalvision.data.store.Location;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gv data score}: what a model of images and texts believes that images show. */
@Command(
        name = "score",
        description = "Write class scores of all examples, for gv data rectify and gv data select, by zero-shot"
                + " classification with a checkpoint.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class ScoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private DataCommand data;

    @Parameters(
            paramLabel = "DIR",
            converter = LocationConverter.class,
            description = "Directory of shards, or s3://BUCKET/FOLDER.")
    private Location directory;

    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "RUN",
            description = "Checkpoint or run directory of a model of images and texts.")
    private Path checkpoint;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            converter = OutputConverter.class,
            description = "Scores to write, as JSON lines.")
    private Path out;

    @Option(
            names = "--classes",
            paramLabel = "FILE",
            description = "Class names, one per line (default: all labels of the directory).")
    private @Nullable Path classes;

    @Option(names = "--prompt", defaultValue = "a picture of a {}", description = "Default: ${DEFAULT-VALUE}")
    private String prompt;

    @Option(
            names = "--scale",
            defaultValue = "100",
            description = "Factor of the cosines before the softmax (default ${DEFAULT-VALUE}).")
    private double scale;

    @Option(names = "--json", description = "Print the counts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        ZeroShotScores scores = new ZeroShotScores(prompt, scale);
        try (CuratedSource source = CuratedSource.open(directory);
                Embedder embedder = data.embedder(checkpoint)) {
            SortedSet<String> names = classes == null ? ZeroShotScores.labels(source) : read(classes);
            try (ProgressReport progress = ProgressReport.start("Scoring " + directory, source.size(), "images")) {
                scores.write(out, source, names, embedder, progress::step);
            }
            if (json) {
                DataCommand.printJson(spec, Map.of("examples", source.size(), "classes", names.size()));
            } else {
                spec.commandLine()
                        .getOut()
                        .printf("%s: scores of %d examples for %d classes%n", out, source.size(), names.size());
            }
        }
        return 0;
    }

    private static SortedSet<String> read(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the class names in " + file, e);
        }
    }
}
