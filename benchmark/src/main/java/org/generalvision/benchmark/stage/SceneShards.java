package org.generalvision.benchmark.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.scene.SceneRecipe;
import org.generalvision.data.scene.SceneSource;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.source.ShardBuild;
import org.generalvision.recipe.Recipe;

/**
 * Composed scenes as shards, where the recipes of the experts look for them.
 *
 * @param runs what the recipes call {@code runs}
 * @param cache for the starter corpus
 */
public record SceneShards(Path runs, Path cache) {
    static final String RECIPE = "scenes-few-desk";

    /** Composes the scenes of a split, unless they are there. */
    public Path build(String split, long count) {
        Path directory = runs.resolve(RECIPE).resolve(split);
        if (!Files.exists(directory.resolve("manifest.json"))) {
            SceneRecipe recipe = Recipe.shipped(RECIPE)
                    .with(List.of("split=" + split, "count=" + count))
                    .as(SceneRecipe.class);
            try (CollectionSource scenes = SceneSource.open(recipe, cache)) {
                new ShardBuild(scenes, directory, ShardWriter.DEFAULT_SHARD_BYTES).run(() -> {});
            }
        }
        return directory;
    }
}
