package org.generalvision.data.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.generalvision.data.scene.SceneRecipe;
import org.generalvision.data.scene.SceneSource;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.source.IdxSource;
import org.generalvision.data.source.OpenclipartSource;
import org.generalvision.data.source.Raster;
import org.generalvision.data.source.ShardBuild;
import org.generalvision.data.source.Split;
import org.generalvision.recipe.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data build}: one source format into one directory of shards. */
@Command(
        name = "build",
        description = "Make a directory of shards from a collection in a public format.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class BuildCommand implements Callable<Integer> {
    enum Format {
        openclipart,
        idx,
        scenes
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--from", required = true, description = "Format of the source: ${COMPLETION-CANDIDATES}.")
    private Format from;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "PATH",
            description = "Where the collection lies; scenes: the recipe.")
    private Path source;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Directory to make. A build that was interrupted continues; one that is whole is compared.")
    private Path out;

    @Option(
            names = "--split",
            description =
                    "Part of the collection: train, validation or test. Clip art: by title, default all. IDX: by file. Scenes: by"
                            + " name of the cut-outs, default the recipe's.")
    private @Nullable Split split;

    @Option(
            names = "--pixels",
            description = "Clip art: side of the pictures (default ${DEFAULT-VALUE}).",
            defaultValue = "96")
    private int pixels;

    @Option(
            names = "--color-bits",
            description = "Clip art: bits kept of each color, fewer make smaller files (default ${DEFAULT-VALUE}).",
            defaultValue = "8")
    private int colorBits;

    @Option(
            names = "--alpha-bits",
            description = "Clip art: bits kept of opacity, fewer make smaller files (default ${DEFAULT-VALUE}).",
            defaultValue = "8")
    private int alphaBits;

    @Option(
            names = "--fraction",
            description = "IDX: share of each class to take, in (0, 1] (default ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private double fraction;

    @Option(names = "--seed", description = "IDX: seed of the share (default ${DEFAULT-VALUE}).", defaultValue = "0")
    private long seed;

    @Option(names = "--name", description = "IDX: name of the collection, kept with every example.")
    private @Nullable String name;

    @Option(names = "--licence", description = "IDX: SPDX identifier of its licence, kept with every example.")
    private @Nullable String licence;

    @Option(
            names = "--classes",
            paramLabel = "fashion-mnist|FILE",
            description = "IDX: class names, a known list or a file with one per line. Default: the numbers 0 to 255.")
    private @Nullable String classes;

    @Option(
            names = "--shard-bytes",
            description = "Size at which a shard is closed (default ${DEFAULT-VALUE}).",
            defaultValue = "" + ShardWriter.DEFAULT_SHARD_BYTES)
    private long shardBytes;

    @Option(names = "--json", description = "Print what was built as JSON.")
    private boolean json;

    /** Held, because the JDK forgets the level of a logger that nobody holds. */
    private final Logger drawing = Logger.getLogger("com.github.weisj.jsvg");

    @Override
    public Integer call() {
        // The renderer warns of each attribute that it does not know; what it cannot draw is rejected with a reason.
        drawing.setLevel(Level.SEVERE);
        ShardBuild.Result result = from == Format.scenes ? buildScenes() : build(open());
        if (json) {
            DataCommand.printJson(spec, result);
        } else {
            print(result, spec.commandLine().getOut());
        }
        return 0;
    }

    private ShardBuild.Result build(CollectionSource collection) {
        ShardBuild build = new ShardBuild(collection, out, shardBytes);
        try (ProgressReport progress = ProgressReport.start("Building " + out, collection.size(), "items")) {
            return build.run(progress::step);
        }
    }

    private ShardBuild.Result buildScenes() {
        Recipe recipe = Recipe.load(source.toString());
        if (split != null) {
            recipe = recipe.with(List.of("split=" + split.lowerName()));
        }
        try (TemporaryFolder cache = TemporaryFolder.create("scenes");
                SceneSource scenes = SceneSource.open(recipe.as(SceneRecipe.class), cache.path())) {
            return build(scenes);
        }
    }

    private CollectionSource open() {
        return switch (from) {
            case scenes -> throw new IllegalStateException("scenes close what they lie on, see buildScenes");
            case openclipart -> new OpenclipartSource(source, split, new Raster(pixels, colorBits, alphaBits));
            case idx ->
                new IdxSource(
                        source,
                        required("--split", split),
                        new IdxSource.Naming(required("--name", name), required("--licence", licence), classNames()),
                        new IdxSource.Sample(fraction, seed));
        };
    }

    private <T> T required(String option, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("--from " + from + " needs " + option + ", which its files do not say");
        }
        return value;
    }

    private List<String> classNames() {
        if (classes == null) {
            return IntStream.rangeClosed(0, 255).mapToObj(Integer::toString).toList();
        }
        if (classes.equals("fashion-mnist")) {
            return IdxSource.FASHION_MNIST;
        }
        try {
            return Files.readAllLines(Path.of(classes)).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the class names in " + classes, e);
        }
    }

    private void print(ShardBuild.Result result, PrintWriter output) {
        output.printf(
                "%s: %d examples in %d shards, %,d bytes%n",
                out,
                result.manifest().examples(),
                result.manifest().shards().size(),
                result.manifest().bytes());
        switch (result.outcome()) {
            case BUILT -> {}
            case CONTINUED ->
                output.printf("continued an earlier build, which had written %d examples%n", result.continued());
            case UNCHANGED -> output.println("was built before from the same items: nothing is changed");
        }
        result.leftOut().forEach((rule, count) -> output.printf("left out: %d (%s)%n", count, rule));
        if (result.rejected() > 0) {
            output.printf("rejected: %d (reasons in %s)%n", result.rejected(), out.resolve(ShardBuild.REJECTED));
        }
    }
}
