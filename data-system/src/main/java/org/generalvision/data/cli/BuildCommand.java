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
import org.generalvision.data.source.BuildEngine;
import org.generalvision.data.source.BuildOrder;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.source.CorpusRecipe;
import org.generalvision.data.source.HashedSource;
import org.generalvision.data.source.ShardBuild;
import org.generalvision.data.source.SourceConfig;
import org.generalvision.recipe.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
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

    @ParentCommand
    private DataCommand data;

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

    @Mixin
    private EngineOptions engine;

    @Option(names = "--json", description = "Print what was built as JSON.")
    private boolean json;

    /** Held, because the JDK forgets the level of a logger that nobody holds. */
    private final Logger drawing = Logger.getLogger("com.github.weisj.jsvg");

    @Override
    public Integer call() {
        // The renderer warns of each attribute that it does not know; what it cannot draw is rejected with a reason.
        drawing.setLevel(Level.SEVERE);
        ShardBuild.Result result;
        if (engine.spark()) {
            if (recipe == null && source.areScenes()) {
                throw new IllegalArgumentException("--from scenes is composed by --engine local alone");
            }
            BuildOrder order = order();
            OutputPath.requireWritable(out);
            BuildEngine shared = data.builder();
            if (shared == null) {
                return engine.runElsewhere(spec);
            }
            result = shared.build(order, out);
        } else {
            result = recipe == null && source.areScenes() ? buildScenes() : build(order());
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

    private BuildOrder order() {
        if (recipe != null) {
            CorpusRecipe corpus = recipe();
            double share = maxRejected == null ? corpus.maxRejected() : maxRejected;
            long bytes = shardBytes == null ? corpus.shardBytes() : shardBytes;
            return new BuildOrder(corpus.source(), perceptualHashes, bytes, share, 0);
        }
        SourceConfig config = source.config();
        long bytes = shardBytes == null ? ShardWriter.DEFAULT_SHARD_BYTES : shardBytes;
        return maxRejected == null
                ? new BuildOrder(config, perceptualHashes, bytes, DEFAULT_MAX_REJECTED, DEFAULT_FREE_REJECTIONS)
                : new BuildOrder(config, perceptualHashes, bytes, maxRejected, 0);
    }

    private ShardBuild.Result build(BuildOrder order) {
        return build(order.open(), order.shardBytes());
    }

    private ShardBuild.Result buildScenes() {
        try (TemporaryFolder cache = TemporaryFolder.create("scenes")) {
            CollectionSource scenes = SceneSource.open(source.sceneRecipe().as(SceneRecipe.class), cache.path());
            CollectionSource whole = perceptualHashes ? new HashedSource(scenes) : scenes;
            return build(whole, shardBytes == null ? ShardWriter.DEFAULT_SHARD_BYTES : shardBytes);
        }
    }

    private ShardBuild.Result build(CollectionSource collection, long bytes) {
        try (collection) {
            OutputPath.requireWritable(out);
            ShardBuild build = new ShardBuild(collection, out, bytes);
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
