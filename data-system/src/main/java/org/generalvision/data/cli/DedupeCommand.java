package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.curate.CurationEngine;
import org.generalvision.data.curate.CurationStep;
import org.generalvision.data.curate.EmbeddingDuplicates;
import org.generalvision.data.curate.ExactDuplicates;
import org.generalvision.data.curate.NearDuplicates;
import org.generalvision.data.example.Embedder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gv data dedupe}: all but one of images that are the same. */
@Command(
        name = "dedupe",
        description = {
            "Remove all but one of the images that are the same, look the same or mean the same.",
            "Of equal images the one with most annotations stays, of those the first. Of images that look or mean the"
                    + " same the largest stays, of those the one with most annotations, of those the first."
        })
@SuppressWarnings("NullAway.Init") // picocli sets options with a default before it calls.
final class DedupeCommand extends SharedCurationCommand {
    /** What has to be the same. */
    enum Criterion {
        bytes,
        pixels,
        look,
        meaning
    }

    @Option(
            names = "--by",
            defaultValue = "bytes",
            description = {
                "What has to be the same (default ${DEFAULT-VALUE}): bytes (the encoded file), pixels (what it decodes"
                        + " to), look (a perceptual hash of it), meaning (an embedding of it)."
            })
    private Criterion by;

    @Option(
            names = "--distance",
            defaultValue = "4",
            paramLabel = "BITS",
            description =
                    "With --by look: bits of 64 in which the hashes may differ, 0 to 16 (default ${DEFAULT-VALUE}).")
    private int distance;

    @Option(
            names = "--similarity",
            defaultValue = "0.95",
            paramLabel = "COSINE",
            description =
                    "With --by meaning: cosine from which images are the same, in (0, 1] (default ${DEFAULT-VALUE}).")
    private double similarity;

    @Option(
            names = "--checkpoint",
            paramLabel = "RUN",
            description = "With --by meaning: checkpoint or run directory of the model that embeds the images.")
    private @Nullable Path checkpoint;

    @Option(
            names = "--features",
            paramLabel = "FILE",
            description =
                    "With --by meaning, instead of a checkpoint: a safetensors file with `features` [N,D] F32, a row"
                            + " for each example that is left.")
    private @Nullable Path features;

    @Override
    public Integer call() {
        if (by == Criterion.meaning && spark()) {
            throw new IllegalArgumentException(
                    "--by meaning compares embeddings in the memory of one process: leave out --engine spark");
        }
        return super.call();
    }

    @Override
    String step() {
        return switch (by) {
            case bytes, pixels -> "exact-duplicates";
            case look -> "near-duplicates";
            case meaning -> "embedding-duplicates";
        };
    }

    @Override
    Map<String, Object> settings() {
        SortedMap<String, Object> settings = new TreeMap<>();
        settings.put("by", by.name());
        if (by == Criterion.look) {
            settings.put("distance", distance);
        }
        if (by == Criterion.meaning) {
            settings.put("similarity", similarity);
            settings.put("from", String.valueOf(features == null ? checkpoint : features));
        }
        return settings;
    }

    @Override
    void run(CurationStep step, CurationEngine worker, Runnable progress) {
        switch (by) {
            case bytes -> new ExactDuplicates(ExactDuplicates.Content.bytes).run(step, worker, progress);
            case pixels -> new ExactDuplicates(ExactDuplicates.Content.pixels).run(step, worker, progress);
            case look -> new NearDuplicates(distance).run(step, worker, progress);
            case meaning -> byMeaning(step, progress);
        }
    }

    private void byMeaning(CurationStep step, Runnable progress) {
        EmbeddingDuplicates duplicates = new EmbeddingDuplicates(similarity);
        if (features != null && checkpoint == null) {
            duplicates.run(step, features, progress);
        } else if (checkpoint != null && features == null) {
            try (Embedder embedder = data.embedder(checkpoint)) {
                duplicates.run(step, embedder, progress);
            }
        } else {
            throw new IllegalArgumentException("--by meaning needs either --checkpoint or --features");
        }
    }
}
