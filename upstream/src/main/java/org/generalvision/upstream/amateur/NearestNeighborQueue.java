package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import org.generalvision.nn.Ops;

/**
 * The text features of the last batches, first in, first out, of which each text takes its nearest neighbor (DeCLIP, section
 * 3.2.3; NNCLR, arXiv 2104.14548). It starts with random directions. Rows are normalized, so a dot product is the cosine.
 * Shapes: B batch, K size of the queue, E embedding.
 */
final class NearestNeighborQueue {
    /** The caption of a row that still is a random direction. */
    private static final long NO_CAPTION = Long.MIN_VALUE;

    /** More than the difference of any two cosines: what is lowered by this loses against all that is not. */
    private static final int FORBIDDEN = 4;

    private final int size;
    private final NDArray features_KE;
    private final NDArray captions_K;
    private final NDArray next;

    /**
     * A queue of random directions, drawn from the engine's generator.
     *
     * @param manager owner of the queue's arrays
     */
    NearestNeighborQueue(int size, int embeddingWidth, NDManager manager) {
        if (size < 1) {
            throw new IllegalArgumentException("The queue's size must be positive: " + size);
        }
        this.size = size;
        try (NDArray directions = manager.randomNormal(new Shape(size, embeddingWidth))) {
            features_KE = Ops.normalize(directions, 1);
        }
        long[] captions = new long[size];
        Arrays.fill(captions, NO_CAPTION);
        captions_K = manager.create(captions);
        next = manager.create(new long[] {0});
    }

    /**
     * For each text the row of the queue with the largest cosine among those of other captions. A text whose caption fills the
     * whole queue is its own neighbor.
     *
     * @param texts_BE normalized features
     * @param captions_B int64, equal where captions are equal
     * @return (B, E), without gradient
     */
    NDArray nearest(NDArray texts_BE, NDArray captions_B) {
        NDManager manager = texts_BE.getManager();
        NDArray own_BE = texts_BE.stopGradient();
        NDArray queue_KE = lend(features_KE, manager);
        NDArray same_BK = captions_B.reshape(-1, 1).eq(lend(captions_K, manager).reshape(1, -1));
        NDArray cosines_BK =
                own_BE.matMul(queue_KE.transpose()).sub(Ops.scale(same_BK.toType(DataType.FLOAT32, false), FORBIDDEN));
        NDArray nearest_BE = Ops.embedding(Ops.argMax(cosines_BK, 1), queue_KE);
        NDArray found_B1 = cosines_BK.max(new int[] {1}).gt(-FORBIDDEN / 2).reshape(-1, 1);
        return NDArrays.where(found_B1.broadcast(own_BE.getShape()), nearest_BE, own_BE);
    }

    /** A handle of the same values that belongs to the step, so that results do too. */
    private static NDArray lend(NDArray array, NDManager step) {
        NDArray handle = array.stopGradient();
        handle.attach(step);
        return handle;
    }

    /**
     * Puts rows in, in their order, in place of the oldest.
     *
     * @param texts_BE normalized features, at most as many as the queue holds
     * @param captions_B int64, equal where captions are equal
     */
    void enqueue(NDArray texts_BE, NDArray captions_B) {
        int batch = (int) texts_BE.getShape().get(0);
        if (batch > size) {
            throw new IllegalArgumentException(
                    "The queue must hold at least one batch of texts: %d < %d".formatted(size, batch));
        }
        int begin = (int) next.getLong();
        int atEnd = Math.min(batch, size - begin);
        try (NDManager scratch = features_KE.getManager().newSubManager()) {
            NDArray rows = lend(texts_BE, scratch);
            NDArray captions = lend(captions_B, scratch);
            write(rows, captions, 0, begin, atEnd);
            write(rows, captions, atEnd, 0, batch - atEnd);
            Ops.copyInto(next, scratch.create(new long[] {(begin + batch) % size}));
        }
    }

    /** A copy of an array of a step that outlives it; whoever asked closes it. */
    NDArray keep(NDArray ofStep) {
        try (NDArray detached = ofStep.stopGradient()) {
            NDArray copy = detached.duplicate();
            copy.attach(features_KE.getManager());
            return copy;
        }
    }

    private void write(NDArray rows, NDArray captions, int from, int to, int count) {
        if (count > 0) {
            long width = features_KE.getShape().get(1);
            NDArray part = rows.get("{}:{}", from, from + count);
            Ops.copyRange(features_KE, to * width, part.flatten());
            Ops.copyRange(captions_K, to, captions.get("{}:{}", from, from + count));
        }
    }

    /** The queue's live arrays by name, which a resume needs. */
    Map<String, NDArray> arrays() {
        return Map.of("queue.features", features_KE, "queue.captions", captions_K, "queue.next", next);
    }
}
