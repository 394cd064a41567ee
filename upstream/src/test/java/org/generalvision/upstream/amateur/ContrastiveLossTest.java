package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
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
    void theLossOfTwoReplicasIsThatOfTheJoinedBatch() {
        NDList imageParts = images.split(2);
        NDList textParts = texts.split(2);
        double mean = 0;
        for (int rank = 0; rank < 2; rank++) {
            int first = rank * BATCH / 2;
            long[] own = java.util.Arrays.copyOfRange(REPEATED, first, first + BATCH / 2);
            ContrastiveLoss loss = new ContrastiveLoss(manager.create(own), manager.create(SCALE), joined(rank), false);
            mean += Gradients.scalar(loss.between(loss.gather(imageParts.get(rank)), loss.gather(textParts.get(rank))))
                    / 2;
        }
        assertThat(mean).isCloseTo(between(loss(REPEATED, false), images, texts), within(1e-12));
    }

    /** Two replicas that share the batch of this test: whatever part is asked for, the whole is known. */
    private Replicas joined(int rank) {
        List<NDArray> wholes = List.of(images, texts, manager.create(REPEATED));
        return new Replicas() {
            @Override
            public NDArray gather(NDArray rows) {
                return wholes.stream()
                        .filter(w -> w.getDataType() == rows.getDataType())
                        .filter(w -> w.split(2).get(rank).equals(rows))
                        .findFirst()
                        .orElseThrow();
            }

            @Override
            public int rank() {
                return rank;
            }
        };
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
