package org.generalvision.data.curate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Embedder;
import org.generalvision.data.example.Example;

/**
 * Removes images that mean the same as another one, by the cosine of their embeddings. Groups and what stays of them are as in
 * {@link NearDuplicates}: the largest image, of those the one with most annotations, of those the first. Up to {@value
 * #MOST_COMPARED} examples all pairs are compared; among more, what is near is found with a graph of neighbors, which may miss a few.
 * Images that cannot be read are left alone.
 *
 * <p>Holds the embeddings, 4 bytes for each number, and with the graph some 300 bytes more for each example.
 *
 * @param similarity cosine from which images are the same, in (0, 1]
 */
public record EmbeddingDuplicates(double similarity) {
    private static final int BATCH = 64;

    /** Most examples of which all pairs are compared, which grows with the square of their number. */
    static final int MOST_COMPARED = 500_000;

    public EmbeddingDuplicates {
        if (!(similarity > 0 && similarity <= 1)) {
            throw new IllegalArgumentException("The similarity must lie in (0, 1]: " + similarity);
        }
    }

    /** Examines what the step sees with features from a file; {@code progress} runs once for each example. */
    public void run(CurationStep step, Path features, Runnable progress) {
        run(step, FeatureFile.read(features, step.source()), progress);
    }

    /** Examines what the step sees with features that are made now; {@code progress} runs once for each example. */
    public void run(CurationStep step, Embedder embedder, Runnable progress) {
        float[][] vectors =
                new float[NearDuplicates.requireCountable(step.source().size())][];
        for (int from = 0; from < vectors.length; from += BATCH) {
            List<Example> batch = new ArrayList<>();
            for (int i = from; i < Math.min(vectors.length, from + BATCH); i++) {
                batch.add(step.source().get(i));
            }
            float[][] made = embedder.images(batch);
            System.arraycopy(made, 0, vectors, from, made.length);
        }
        run(step, vectors, progress);
    }

    private void run(CurationStep step, float[][] vectors, Runnable progress) {
        int[] pixels = new int[vectors.length];
        int[] annotations = new int[vectors.length];
        for (int i = 0; i < vectors.length; i++) {
            Example example = step.source().get(i);
            pixels[i] = pixels(example);
            annotations[i] = Annotation.count(example);
            progress.run();
        }
        Comparator<Integer> best = Comparator.<Integer>comparingInt(at -> -pixels[at])
                .thenComparingInt(at -> -annotations[at])
                .thenComparingInt(at -> at);
        for (int[] pair : removals(vectors, best)) {
            Example kept = step.source().get(pair[1]);
            step.remove(
                    pair[0],
                    step.source().get(pair[0]).id(),
                    "means the same",
                    Map.of(
                            "kept", kept.id(),
                            "keptIndex", step.source().shardIndex(pair[1]),
                            "cosine", Vectors.dot(vectors[pair[0]], vectors[pair[1]])));
        }
    }

    private static int pixels(Example example) {
        try {
            ImageHeader header = ImageHeader.parse(example.image());
            return header.height() * header.width();
        } catch (UnreadableSampleException unreadable) {
            return 0;
        }
    }

    /** Pairs of what goes and what it is the same as, by what goes. */
    List<int[]> removals(float[][] vectors, Comparator<Integer> best) {
        Groups groups = vectors.length <= MOST_COMPARED
                ? AllPairs.groups(vectors, similarity)
                : NeighborGraph.groups(vectors, similarity);
        // The same test as in the blocks, but in double precision: a pair at the limit may be told apart differently.
        return Duplicates.in(groups, best, (a, b) -> Vectors.dot(vectors[a], vectors[b]) >= similarity - 1e-6);
    }
}
