package org.generalvision.data.curate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
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
 * {@link NearDuplicates}: the largest image, of those the one with most annotations, of those the first. All pairs are compared,
 * in blocks, so the time grows with the square of the number of examples. Images that cannot be read are left alone.
 *
 * @param similarity cosine from which images are the same, in (0, 1]
 */
public record EmbeddingDuplicates(double similarity) {
    private static final int BATCH = 64;
    private static final int BLOCK = 2048;

    /** Here the comparison takes about an hour on one core; an approximate index is the tool beyond. */
    static final int MAX_EXAMPLES = 500_000;

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
        requireFew(step.source().size());
        float[][] vectors = new float[(int) step.source().size()][];
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

    private static void requireFew(long examples) {
        if (examples > MAX_EXAMPLES) {
            throw new IllegalArgumentException(
                    "Embeddings of at most %d examples are compared, here are %d: remove near-duplicates by look first, or split the directory"
                            .formatted(MAX_EXAMPLES, examples));
        }
    }

    private void run(CurationStep step, float[][] vectors, Runnable progress) {
        requireFew(vectors.length);
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
        Groups groups = new Groups(vectors.length);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int row = 0; row < vectors.length; row += BLOCK) {
                for (int column = row; column < vectors.length; column += BLOCK) {
                    join(vectors, row, column, groups, manager);
                }
            }
        }
        // The same test as in the blocks, but in double precision: a pair at the limit may be told apart differently.
        return Duplicates.in(groups, best, (a, b) -> Vectors.dot(vectors[a], vectors[b]) >= similarity - 1e-6);
    }

    private void join(float[][] vectors, int row, int column, Groups groups, NDManager parent) {
        try (NDManager manager = parent.newSubManager()) {
            NDArray rows_RD = block(vectors, row, manager);
            NDArray columns_CD = block(vectors, column, manager);
            NDArray near_P2 =
                    rows_RD.matMul(columns_CD.transpose()).gte(similarity).nonzero();
            long[] places = near_P2.toLongArray();
            for (int i = 0; i < places.length; i += 2) {
                groups.join(row + (int) places[i], column + (int) places[i + 1]);
            }
        }
    }

    /** NaN is replaced by 0, which is near to nothing. */
    private static NDArray block(float[][] vectors, int from, NDManager manager) {
        int to = Math.min(vectors.length, from + BLOCK);
        int width = vectors[from].length;
        FloatBuffer buffer = FloatBuffer.allocate((to - from) * width);
        for (int i = from; i < to; i++) {
            buffer.put(Vectors.isFinite(vectors[i]) ? vectors[i] : new float[width]);
        }
        return manager.create(buffer.flip(), new Shape(to - from, width));
    }
}
