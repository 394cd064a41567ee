package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.stream.LongStream;
import org.generalvision.nn.Ops;
import org.jspecify.annotations.Nullable;

/**
 * InfoNCE over one batch (arXiv 2103.00020, figure 3): each row must find its partner among the rows of all replicas by
 * cosine times scale. Rows of features are normalized. Shapes: B rows of this replica, N rows of all, E embedding.
 */
final class ContrastiveLoss {
    private final Replicas replicas;
    private final NDArray scale;
    private final NDArray partners_B;
    private final @Nullable NDArray excluded_BN;

    /**
     * The loss of one batch.
     *
     * @param captions_B int64, equal where captions are equal
     * @param scale factor of the cosines, a scalar
     * @param equalCaptionsAreNegatives whether a row with the same caption counts as wrong, as published; on small data, where
     *     titles repeat, it should not
     */
    ContrastiveLoss(NDArray captions_B, NDArray scale, Replicas replicas, boolean equalCaptionsAreNegatives) {
        this.replicas = replicas;
        this.scale = scale;
        long batch = captions_B.getShape().get(0);
        long first = replicas.rank() * batch;
        partners_B = captions_B
                .getManager()
                .create(LongStream.range(first, first + batch).toArray());
        excluded_BN = equalCaptionsAreNegatives ? null : equalCaptions(captions_B, (int) first);
    }

    /** What is added to the scores: minus infinity for every row of the same caption but the partner itself. */
    private NDArray equalCaptions(NDArray captions_B, int first) {
        long[] own = captions_B.toLongArray();
        long[] all = replicas.gather(captions_B).toLongArray();
        float[] excluded = new float[own.length * all.length];
        for (int i = 0; i < own.length; i++) {
            for (int j = 0; j < all.length; j++) {
                if (own[i] == all[j] && j != first + i) {
                    excluded[i * all.length + j] = Float.NEGATIVE_INFINITY;
                }
            }
        }
        return captions_B.getManager().create(excluded, new Shape(own.length, all.length));
    }

    /** Features of this replica with those of all, so that several losses share one exchange. */
    Features gather(NDArray normalized_BE) {
        return new Features(normalized_BE, replicas.gather(normalized_BE));
    }

    /** The mean of both directions, a scalar. */
    NDArray between(Features images, Features texts) {
        return Ops.scale(towards(images, texts).add(towards(texts, images)), 0.5);
    }

    /** Cross entropy of finding each query's partner among all keys, a scalar. */
    NDArray towards(Features queries, Features keys) {
        NDArray scores_BN = queries.own().matMul(keys.all().transpose()).mul(scale);
        return Ops.crossEntropy(excluded_BN == null ? scores_BN : scores_BN.add(excluded_BN), partners_B);
    }

    /**
     * Normalized features of one side.
     *
     * @param own (B, E)
     * @param all (N, E), those of all replicas
     */
    record Features(NDArray own, NDArray all) {}
}
