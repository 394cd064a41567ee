package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.generalvision.nn.Ops;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContrastiveLossTest {
    private static final int BATCH = 6;
    private static final int WIDTH = 5;
    private static final double SCALE = 3.7;
    private static final long[] DISTINCT = {10, 11, 12, 13, 14, 15};
    private static final long[] REPEATED = {10, 11, 10, 13, 11, 10};

    private final NDManager manager = NDManager.newBaseManager();
    private NDArray images = manager.zeros(new Shape(1));
    private NDArray texts = manager.zeros(new Shape(1));

    @BeforeEach
    void draw() {
        images = Ops.normalize(Gradients.normal(manager, "images", BATCH, WIDTH), 1);
        texts = Ops.normalize(Gradients.normal(manager, "texts", BATCH, WIDTH), 1);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private ContrastiveLoss loss(long[] captions, boolean equalAreNegatives) {
        return new ContrastiveLoss(
                manager.create(captions), manager.create(SCALE), Replicas.alone(), equalAreNegatives);
    }

    private static double between(ContrastiveLoss loss, NDArray images, NDArray texts) {
        return Gradients.scalar(loss.between(loss.gather(images), loss.gather(texts)));
    }

    /** The definition: the mean over rows of log(sum of exp(scores)) - score of the partner, without excluded rows. */
    private static double definition(NDArray queries, NDArray keys, long[] captions, boolean equalAreNegatives) {
        double[] q = queries.toDoubleArray();
        double[] k = keys.toDoubleArray();
        double total = 0;
        for (int i = 0; i < BATCH; i++) {
            double sum = 0;
            double own = 0;
            for (int j = 0; j < BATCH; j++) {
                double score = 0;
                for (int d = 0; d < WIDTH; d++) {
                    score += SCALE * q[i * WIDTH + d] * k[j * WIDTH + d];
                }
                own = i == j ? score : own;
                sum += equalAreNegatives || i == j || captions[i] != captions[j] ? Math.exp(score) : 0;
            }
            total += Math.log(sum) - own;
        }
        return total / BATCH;
    }

    @Test
    void isTheMeanOfBothDirectionsOfTheDefinition() {
        double expected = (definition(images, texts, DISTINCT, true) + definition(texts, images, DISTINCT, true)) / 2;
        assertThat(between(loss(DISTINCT, true), images, texts)).isCloseTo(expected, within(1e-12));
        assertThat(between(loss(DISTINCT, false), images, texts)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void equalCaptionsAreNegativesOnlyIfTheRecipeSaysSo() {
        double without = (definition(images, texts, REPEATED, false) + definition(texts, images, REPEATED, false)) / 2;
        double with = (definition(images, texts, REPEATED, true) + definition(texts, images, REPEATED, true)) / 2;
        assertThat(between(loss(REPEATED, false), images, texts)).isCloseTo(without, within(1e-12));
        assertThat(between(loss(REPEATED, true), images, texts)).isCloseTo(with, within(1e-12));
        assertThat(without).isLessThan(with);
    }

    @Test
    void aBatchOfOneCaptionHasNothingToTellApart() {
        assertThat(between(loss(new long[BATCH], false), images, texts)).isZero();
    }

    @Test
    void oneDirectionIsTheDefinition() {
        ContrastiveLoss loss = loss(REPEATED, false);
        assertThat(Gradients.scalar(loss.towards(loss.gather(images), loss.gather(texts))))
                .isCloseTo(definition(images, texts, REPEATED, false), within(1e-12));
    }

    @Test
    void lossAndGradientsOfTwoReplicasAreThoseOfTheJoinedBatch() {
        assertSame(exchanged(images, texts, ContrastiveLoss::between), alone(images, texts, ContrastiveLoss::between));
    }

    @Test
    void neighborsOnTwoReplicasAreThoseOfTheJoinedBatch() {
        NearestNeighborQueue queue = new NearestNeighborQueue(12, WIDTH, manager);
        NDArray rows = texts.toType(DataType.FLOAT32, false);
        NDArray captions = manager.create(REPEATED);
        queue.enqueue(rows, captions);
        NDArray neighbors = NDArrays.concat(new NDList(
                queue.nearest(half(rows, 0), half(captions, 0)), queue.nearest(half(rows, 1), half(captions, 1))));
        assertThat(neighbors).isEqualTo(queue.nearest(rows, captions));
        NDArray wide = neighbors.toType(DataType.FLOAT64, false);
        assertSame(exchanged(images, wide, ContrastiveLoss::towards), alone(images, wide, ContrastiveLoss::towards));
    }

    private interface Term {
        NDArray of(ContrastiveLoss loss, ContrastiveLoss.Features left, ContrastiveLoss.Features right);
    }

    /** A loss and its gradients with respect to both sides and to the logarithm of the scale. */
    private record Result(double loss, NDArray left, NDArray right, NDArray scale) {}

    private static void assertSame(Result actual, Result expected) {
        assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-12));
        assertSame(actual.left(), expected.left());
        assertSame(actual.right(), expected.right());
        assertSame(actual.scale(), expected.scale());
    }

    private static void assertSame(NDArray actual, NDArray expected) {
        assertThat(Gradients.scalar(expected.abs().max())).isGreaterThan(1e-3);
        assertThat(actual.toDoubleArray()).containsExactly(expected.toDoubleArray(), within(1e-9));
    }

    private Result alone(NDArray left, NDArray right, Term term) {
        NDArray l = left.duplicate();
        NDArray r = right.duplicate();
        NDArray scale = manager.create(Math.log(SCALE));
        Supplier<NDArray> loss = () -> {
            ContrastiveLoss contrast =
                    new ContrastiveLoss(manager.create(REPEATED), scale.exp(), Replicas.alone(), false);
            return term.of(contrast, contrast.gather(l), contrast.gather(r));
        };
        List<NDArray> gradients = Gradients.of(List.of(l, r, scale), loss);
        return new Result(Gradients.scalar(loss.get()), gradients.get(0), gradients.get(1), gradients.get(2));
    }

    /** The same by two replicas, which know of each other what {@link Half} gathers, and average their losses. */
    private Result exchanged(NDArray left, NDArray right, Term term) {
        Half first = new Half(0, left, right);
        Half second = new Half(1, left, right);
        Result one = first.run(term);
        Result other = second.run(term);
        return new Result(
                (one.loss() + other.loss()) / 2,
                one.left().add(other.left()).div(2),
                one.right().add(other.right()).div(2),
                one.scale().add(other.scale()).div(2));
    }

    private static NDArray half(NDArray whole, int rank) {
        return whole.get("{}:{}", rank * BATCH / 2, (rank + 1) * BATCH / 2);
    }

    /**
     * One of two replicas: half of the rows are its own, and the others are copies of what it was sent. What its loss says about
     * either goes to the row's owner, so that the sum over replicas of {@link #run} is the gradient of each row.
     */
    private final class Half implements Replicas {
        private final int rank;
        private final NDArray left;
        private final NDArray right;
        private final NDArray captions;
        private final IdentityHashMap<NDArray, NDArray> copies = new IdentityHashMap<>();

        Half(int rank, NDArray left, NDArray right) {
            this.rank = rank;
            this.left = own(left);
            this.right = own(right);
            captions = own(manager.create(REPEATED));
        }

        private NDArray own(NDArray whole) {
            NDArray own = half(whole, rank).duplicate();
            copies.put(own, half(whole, 1 - rank).duplicate());
            return own;
        }

        @Override
        public NDArray gather(NDArray rows) {
            return inOrder(rows, copy(rows));
        }

        private NDArray copy(NDArray own) {
            return Objects.requireNonNull(copies.get(own));
        }

        private NDArray inOrder(NDArray own, NDArray other) {
            return NDArrays.concat(rank == 0 ? new NDList(own, other) : new NDList(other, own));
        }

        @Override
        public int rank() {
            return rank;
        }

        Result run(Term term) {
            NDArray scale = manager.create(Math.log(SCALE));
            Supplier<NDArray> loss = () -> {
                ContrastiveLoss contrast = new ContrastiveLoss(captions, scale.exp(), this, false);
                return term.of(contrast, contrast.gather(left), contrast.gather(right));
            };
            List<NDArray> gradients = Gradients.of(List.of(left, copy(left), right, copy(right), scale), loss);
            return new Result(
                    Gradients.scalar(loss.get()),
                    inOrder(gradients.get(0), gradients.get(1)),
                    inOrder(gradients.get(2), gradients.get(3)),
                    gradients.get(4));
        }
    }

    @Test
    void gradientsOfFeaturesAndScaleAreThoseOfTheValues() {
        NDArray scale = manager.create(SCALE);
        NDArray captions = manager.create(REPEATED);
        Gradients.check(List.of(images, texts, scale), arrays -> {
            ContrastiveLoss loss = new ContrastiveLoss(captions, arrays.get(2), Replicas.alone(), false);
            return loss.between(loss.gather(arrays.get(0)), loss.gather(arrays.get(1)));
        });
    }
}
