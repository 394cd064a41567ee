package org.generalvision.upstream.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.upstream.amateur.Gradients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClassificationHeadTest {
    private static final Pass TRAINING = Pass.training(Precision.FLOAT32);

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private ClassificationHead head() {
        ClassificationHead head = new ClassificationHead(5, 3);
        head.initialize(manager, DataType.FLOAT64);
        return head;
    }

    @Test
    void imagesOfUnknownClassDoNotCount() {
        ClassificationHead head = head();
        NDArray features = Gradients.normal(manager, "features", 4, 5);
        NDArray labels = manager.create(new long[] {2, ClassificationHead.UNKNOWN, 0, ClassificationHead.UNKNOWN});
        double[] logits = Numbers.of(head.forward(features, TRAINING));
        double smoothing = 0.1;
        double expected = 0;
        for (int image : new int[] {0, 2}) {
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                sum += Math.exp(logits[3 * image + c]);
            }
            for (int c = 0; c < 3; c++) {
                double target = smoothing / 3 + (c == (image == 0 ? 2 : 0) ? 1 - smoothing : 0);
                expected -= target * (logits[3 * image + c] - Math.log(sum)) / 2;
            }
        }
        assertThat(Gradients.scalar(head.loss(features, labels, smoothing, TRAINING)))
                .isCloseTo(expected, within(1e-12));
        Gradients.check(List.of(features), x -> head.loss(x.get(0), labels, smoothing, TRAINING));
    }

    @Test
    void aBatchOfWhichNothingIsKnownTeachesNothing() {
        NDArray features = Gradients.normal(manager, "features", 2, 5);
        NDArray unknown = manager.create(new long[] {-1, -1});
        ClassificationHead head = head();
        List<NDArray> gradients = Gradients.of(List.of(features), () -> head.loss(features, unknown, 0, TRAINING));
        assertThat(gradients.get(0).toDoubleArray()).containsOnly(0);
    }

    @Test
    void labelsThatAreNoClassesAreRefused() {
        NDArray features = Gradients.normal(manager, "features", 1, 5);
        assertThatThrownBy(() -> head().loss(features, manager.create(new long[] {3}), 0, TRAINING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("class 3, but the head was made for 3 classes");
        assertThatThrownBy(() -> head().loss(features, manager.create(new long[] {-2}), 0, TRAINING))
                .hasMessageContaining("class -2");
        assertThatThrownBy(() -> new ClassificationHead(5, 1)).hasMessageContaining("two classes");
        assertThatThrownBy(() -> new MultiLabelHead(5, 0)).hasMessageContaining("one concept");
    }

    private MultiLabelHead multiLabel(int concepts) {
        MultiLabelHead head = new MultiLabelHead(5, concepts);
        head.initialize(manager, DataType.FLOAT64);
        return head;
    }

    @Test
    void conceptsCountWhereTheyAreKnown() {
        MultiLabelHead head = multiLabel(3);
        NDArray features = Gradients.normal(manager, "features", 2, 5);
        double[] present = {1, 0, 0, 0, 1, 0};
        double[] known = {1, 1, 0, 0, 1, 0};
        NDArray targets = manager.create(present, new Shape(2, 3));
        NDArray mask = manager.create(known, new Shape(2, 3));
        double[] logits = Numbers.of(head.forward(features, TRAINING));
        double expected = 0;
        for (int i = 0; i < 6; i++) {
            double right = 1 / (1 + Math.exp(present[i] == 1 ? -logits[i] : logits[i]));
            expected -= known[i] * Math.log(right) / 3;
        }
        assertThat(Gradients.scalar(head.loss(features, targets, mask, TRAINING)))
                .isCloseTo(expected, within(1e-12));
        Gradients.check(List.of(features), x -> head.loss(x.get(0), targets, mask, TRAINING));
        assertThat(Gradients.scalar(head.loss(features, targets, mask.zerosLike(), TRAINING)))
                .isZero();
        assertThatThrownBy(() -> multiLabel(4).loss(features, targets, mask, TRAINING))
                .hasMessageContaining("of 4 concepts: present is (2, 3)");
    }
}
