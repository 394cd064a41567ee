package org.generalvision.data.source;

import java.nio.file.Path;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.recipe.Spelling;

/** Where a recipe's examples come from. */
public sealed interface ExampleData {
    /**
     * Opens the examples.
     *
     * @param cache folder into which the starter corpus is copied, if it is asked for
     */
    ExampleSource open(Path cache);

    /**
     * A split of the corpus that is shipped with the project.
     *
     * @param split such as {@code clipart-train}
     */
    record Starter(String split) implements ExampleData {
        public Starter {
            if (!StarterCorpus.splits().contains(split)) {
                throw new IllegalArgumentException(
                        "split is unknown: " + split + Spelling.suggestion(split, StarterCorpus.splits()));
            }
        }

        @Override
        public ExampleSource open(Path cache) {
            return StarterCorpus.open(split, cache);
        }
    }

    /**
     * A directory of shards, as {@code gv data build} makes it, without what curation steps have removed.
     *
     * @param directory that holds {@code manifest.json}
     */
    record Shards(Path directory) implements ExampleData {
        @Override
        public ExampleSource open(Path cache) {
            return CuratedSource.open(directory);
        }
    }
}
