package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.nn.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NearestNeighborQueueTest {
    private static final int WIDTH = 3;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    private NDArray rows(String purpose, int count) {
        return Ops.normalize(Gradients.normal(manager, purpose, count, WIDTH).toType(DataType.FLOAT32, false), 1);
    }

    private static NDArray array(NearestNeighborQueue queue, String name) {
        NDArray array = queue.arrays().get("queue." + name);
        if (array == null) {
            throw new AssertionError("no array " + name);
        }
        return array;
    }

    @Test
    void startsWithDirectionsOfUnitLength() {
        NearestNeighborQueue queue = new NearestNeighborQueue(50, 16, manager);
        NDArray norms = array(queue, "features").norm(new int[] {1});
        for (float norm : norms.toFloatArray()) {
            assertThat(norm).isCloseTo(1, within(1e-5f));
        }
        NDArray mean = array(queue, "features").mean(new int[] {0}).norm();
        assertThat(mean.getFloat()).isLessThan(0.5f);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void holdsTheLastRowsFirstInFirstOut(long seed) {
        RandomStream random = RandomStream.of(seed, 0, 0, "test");
        int size = 4 + random.nextInt(10);
        NearestNeighborQueue queue = new NearestNeighborQueue(size, WIDTH, manager);
        ArrayDeque<Long> expected = new ArrayDeque<>();
        long caption = 0;
        for (int i = 0; i < 8; i++) {
            int batch = 1 + random.nextInt(4);
            long[] captions = LongStream.range(caption, caption + batch).toArray();
            caption += batch;
            queue.enqueue(rows("batch " + i, batch), manager.create(captions));
            LongStream.of(captions).forEach(expected::add);
            while (expected.size() > size) {
                expected.removeFirst();
            }
        }
        List<Long> held = new ArrayList<>();
        long next = array(queue, "next").getLong();
        long[] captions = array(queue, "captions").toLongArray();
        for (int i = 0; i < size; i++) {
            long one = captions[(int) ((next + i) % size)];
            if (one != Long.MIN_VALUE) {
                held.add(one);
            }
        }
        assertThat(held).containsExactlyElementsOf(expected);
    }

    @Test
    void theNearestIsTheRowOfTheLargestCosineWithAnotherCaption() {
        NearestNeighborQueue queue = new NearestNeighborQueue(12, WIDTH, manager);
        NDArray rows = rows("queue", 12);
        long[] held = LongStream.range(0, 12).map(i -> i % 5).toArray();
        queue.enqueue(rows, manager.create(held));
        NDArray texts = rows("texts", 7);
        long[] captions = {0, 1, 2, 3, 4, 5, 0};
        NDArray nearest = queue.nearest(texts, manager.create(captions));
        assertThat(nearest.getShape()).isEqualTo(new Shape(7, WIDTH));
        for (int i = 0; i < captions.length; i++) {
            int best = -1;
            double bestCosine = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < held.length; k++) {
                double cosine = rows.get(k).mul(texts.get(i)).sum().getFloat();
                if (held[k] != captions[i] && cosine > bestCosine) {
                    bestCosine = cosine;
                    best = k;
                }
            }
            assertThat(nearest.get(i)).isEqualTo(rows.get(best));
        }
    }

    @Test
    void aTextWhoseCaptionFillsTheQueueIsItsOwnNeighbor() {
        NearestNeighborQueue queue = new NearestNeighborQueue(4, WIDTH, manager);
        queue.enqueue(rows("queue", 4), manager.create(new long[] {7, 7, 7, 7}));
        NDArray texts = rows("texts", 2);
        NDArray nearest = queue.nearest(texts, manager.create(new long[] {7, 8}));
        assertThat(nearest.get(0)).isEqualTo(texts.get(0));
        assertThat(nearest.get(1)).isNotEqualTo(texts.get(1));
    }

    @Test
    void readingChangesNothingAndLeavesNothingBehind() {
        NearestNeighborQueue queue = new NearestNeighborQueue(8, WIDTH, manager);
        float[] before = array(queue, "features").toFloatArray();
        NDArray rows = rows("texts", 3);
        int arrays = manager.getManagedArrays().size();
        try (NDManager step = manager.newSubManager()) {
            NDArray texts = step.create(rows.toFloatArray(), rows.getShape());
            NDArray nearest = queue.nearest(texts, step.create(new long[] {1, 2, 3}));
            assertThat(nearest.getManager()).isSameAs(step);
            assertThat(nearest.hasGradient()).isFalse();
        }
        assertThat(manager.getManagedArrays()).hasSize(arrays);
        assertThat(array(queue, "features").toFloatArray()).isEqualTo(before);
    }

    @Test
    void enqueueLeavesNothingBehind() {
        NearestNeighborQueue queue = new NearestNeighborQueue(5, WIDTH, manager);
        NDArray texts = rows("texts", 4);
        NDArray captions = manager.create(new long[] {1, 2, 3, 4});
        int arrays = manager.getManagedArrays().size();
        queue.enqueue(texts, captions);
        queue.enqueue(texts, captions);
        assertThat(manager.getManagedArrays()).hasSize(arrays);
    }

    @Test
    void badSizesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NearestNeighborQueue(0, WIDTH, manager))
                .withMessageContaining("must be positive: 0");
        NearestNeighborQueue queue = new NearestNeighborQueue(2, WIDTH, manager);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.enqueue(rows("texts", 3), manager.create(new long[] {1, 2, 3})))
                .withMessageContaining("at least one batch of texts: 2 < 3");
    }
}
