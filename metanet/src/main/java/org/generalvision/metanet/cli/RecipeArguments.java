package org.generalvision.metanet.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.generalvision.recipe.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command takes that runs a recipe: the recipe, other values for its keys, where the run lies, and the cache. */
public final class RecipeArguments {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "Name of a shipped recipe, or a file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    private String recipe;

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Other values for keys of the recipe.")
    private List<String> overrides = List.of();

    @Option(names = "--run-dir", paramLabel = "DIR", description = "Run directory (default: runs/RECIPE).")
    private @Nullable Path runDirectory;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where the starter corpus is unpacked (default: ${DEFAULT-VALUE}).",
            defaultValue = "runs/.cache")
    @SuppressWarnings("NullAway.Init")
    private Path cache;

    /** The recipe with the other values. */
    public Recipe resolved() {
        return Recipe.load(recipe).with(overrides);
    }

    /** The run directory, if one is named. */
    public Optional<Path> runDirectory() {
        return Optional.ofNullable(runDirectory);
    }

    /** The run directory: the one that is named, else one called after the recipe. */
    public Path runDirectory(Recipe resolved) {
        return runDirectory().orElse(Path.of("runs", resolved.name()));
    }

    /** Folder for data that is unpacked before use. */
    public Path cache() {
        return cache;
    }
}
