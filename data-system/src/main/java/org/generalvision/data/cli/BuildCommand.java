package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.generalvision.data.scene.SceneRecipe;
import org.generalvision.data.scene.SceneSource;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.source.CorpusRecipe;
import org.generalvision.data.source.HashedSource;
import org.generalvision.data.source.RejectionLimit;
import org.generalvision.data.source.ShardBuild;
import org.generalvision.data.source.SourceConfig;
import org.generalvision.recipe.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data build}: one source format into one directory of shards. */
@Command(
        name = "build",
        description = "Make a directory of shards from a collection in a public format.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class BuildCommand implements Callable<Integer> {
    private static final double DEFAULT_MAX_REJECTED = 0.05;

    /** So that the first try of a user with a handful of images is not refused for one bad one. */
    private static final int DEFAULT_FREE_REJECTIONS = 10;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RECIPE",
            description =
                    "Name of a shipped recipe (openclipart-desk, tuxpaint-desk, openmoji-desk), or a file, instead of"
                            + " --from and --source.")
    private @Nullable String recipe;

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Other values for keys of the recipe, such as source.split=train.")
    private List<String> overrides = List.of();

    @Mixin
    private SourceOptions source;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            converter = LocalConverter.class,
            description = "Directory to make. A build that was interrupted continues; one that is whole is compared.")
    private Path out;

    @Option(
            names = "--max-rejected",
            paramLabel = "SHARE",
            description = "Share of items that may be unusable, beyond which nothing is built (default "
                    + DEFAULT_MAX_REJECTED + ", and in any case " + DEFAULT_FREE_REJECTIONS + " items).")
    private @Nullable Double maxRejected;

    @Option(
            names = "--shard-bytes",
            paramLabel = "BYTES",
            description = "Size at which a shard is closed (default " + ShardWriter.DEFAULT_SHARD_BYTES + ").")
    private @Nullable Long shardBytes;

    @Option(
            names = "--perceptual-hashes",
            description =
                    "Decode each image and keep its perceptual hash, so that dedupe, gate, hashes and inspect need not"
                            + " decode it again.")
    private boolean perceptualHashes;

    @Option(names = "--json", description = "Print what was built as JSON.")
    private boolean json;

    /** Held, because the JDK forgets the level of a logger that nobody holds. */
    private final Logger drawing = Logger.getLogger("com.github.weisj.jsvg");

    @Override
    public Integer call() {
        // The renderer warns of each attribute that it does not know; what it cannot draw is rejected with a reason.
        drawing.setLevel(Level.SEVERE);
        ShardBuild.Result result;
        if (recipe != null) {
            result = build(recipe());
        } else {
            result = source.areScenes() ? buildScenes() : build(source.config());
        }
        if (json) {
            DataCommand.printJson(spec, result);
        } else {
            print(result, spec.commandLine().getOut());
        }
        return 0;
    }

    private CorpusRecipe recipe() {
        if (source.areGiven()) {
            throw new IllegalArgumentException(
                    "A recipe names its source: leave out --from and --source, or set source.path=PATH behind it");
        }
        return Recipe.load(Objects.requireNonNull(recipe)).with(overrides).as(CorpusRecipe.class);
    }

    private ShardBuild.Result build(CorpusRecipe corpus) {
        double share = maxRejected == null ? corpus.maxRejected() : maxRejected;
        long bytes = shardBytes == null ? corpus.shardBytes() : shardBytes;
        return build(new RejectionLimit(corpus.source().open(), share, 0), bytes);
    }

    private ShardBuild.Result build(SourceConfig config) {
        CollectionSource collection = config.open();
        CollectionSource bounded = maxRejected == null
                ? new RejectionLimit(collection, DEFAULT_MAX_REJECTED, DEFAULT_FREE_REJECTIONS)
                : new RejectionLimit(collection, maxRejected, 0);
        return build(bounded, shardBytes == null ? ShardWriter.DEFAULT_SHARD_BYTES : shardBytes);
    }

    private ShardBuild.Result buildScenes() {
        try (TemporaryFolder cache = TemporaryFolder.create("scenes")) {
            SceneSource scenes = SceneSource.open(source.sceneRecipe().as(SceneRecipe.class), cache.path());
            return build(scenes, shardBytes == null ? ShardWriter.DEFAULT_SHARD_BYTES : shardBytes);
        }
    }

    private ShardBuild.Result build(CollectionSource collection, long bytes) {
        try (collection) {
            OutputPath.requireWritable(out);
            CollectionSource hashed = perceptualHashes ? new HashedSource(collection) : collection;
            ShardBuild build = new ShardBuild(hashed, out, bytes);
            try (ProgressReport progress = ProgressReport.start("Building " + out, collection.size(), "items")) {
                return build.run(progress::step);
            }
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
