package org.generalvision.data.curate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;

/** Compares each embedding with each, in blocks: exact, and as slow as the square of their number. */
final class AllPairs {
    private static final int BLOCK = 2048;

    private AllPairs() {}

    /**
     * Joins what is near.
     *
     * @param vectors (N, D) of length 1, or with NaN, which is near to nothing
     * @param similarity cosine from which two are near
     */
    static Groups groups(float[][] vectors, double similarity) {
        Groups groups = new Groups(vectors.length);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int row = 0; row < vectors.length; row += BLOCK) {
                for (int column = row; column < vectors.length; column += BLOCK) {
                    join(vectors, row, column, similarity, groups, manager);
                }
            }
        }
        return groups;
    }

    private static void join(
            float[][] vectors, int row, int column, double similarity, Groups groups, NDManager parent) {
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
