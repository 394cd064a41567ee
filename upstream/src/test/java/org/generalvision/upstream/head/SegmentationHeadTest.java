package org.generalvision.upstream.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.upstream.amateur.Gradients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** DeepLabV3 against torchvision, whose values {@code golden/segmentation.py} made. */
class SegmentationHeadTest {
    private static final TapWidths TAPS = new TapWidths(new TreeMap<>(Map.of(4, 7, 8, 12)));
    private static final SegmentationHead.Config CONFIG =
            new SegmentationHead.Config(4, 8, List.of(1, 2, 3), 0, new SegmentationHead.AuxiliaryConfig(8, 0.5, 0));

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void logitsAreThoseOfTorchvision() {
        try (Golden golden = Golden.open("segmentation.safetensors", manager)) {
            SegmentationHead head = golden.fill(new SegmentationHead(TAPS, 5, CONFIG), "w.");
            List<NDArray> maps = List.of(golden.read("main"), golden.read("early"));
            golden.assertSame(head.logits(maps, Pass.evaluation()), "logits", 1e-9);
            NDArray predicted = head.predict(maps, 24, 20, Pass.evaluation());
            assertThat(predicted.getShape().getShape()).containsExactly(3, 24, 20);
            NDArray expected = Ops.argMax(Ops.resizeBilinear(golden.read("logits"), 24, 20), 1);
            assertThat(predicted.toLongArray()).containsExactly(expected.toLongArray());
        }
    }

    @Test
    void lossesAndTheirGradientsAreThoseOfTorchvision() {
        try (Golden golden = Golden.open("segmentation.safetensors", manager)) {
            SegmentationHead head = golden.fill(new SegmentationHead(TAPS, 5, CONFIG), "w.");
            List<NDArray> maps = List.of(golden.read("main"), golden.read("early"));
            NDArray labels = golden.read("labels").toType(DataType.INT64, false);
            List<NDArray> slopes = Gradients.of(maps, () -> {
                SegmentationHead.Loss loss = head.loss(maps, labels, Pass.training(Precision.FLOAT32));
                NDArray auxiliary = Objects.requireNonNull(loss.auxiliary());
                golden.assertSame(loss.pixels(), "pixels", 1e-10);
                golden.assertSame(auxiliary, "auxiliary", 1e-10);
                return loss.pixels().add(Ops.scale(auxiliary, 0.5));
            });
            golden.assertSame(slopes.get(0), "slope_main", 1e-9);
            golden.assertSame(slopes.get(1), "slope_early", 1e-9);
        }
    }

    @Test
    void gradientsAreThoseOfCentralDifferences() {
        SegmentationHead head = new SegmentationHead(TAPS, 5, CONFIG);
        head.initialize(manager, DataType.FLOAT64);
        NDArray main = Gradients.normal(manager, "main", 2, 7, 3, 4);
        NDArray early = Gradients.normal(manager, "early", 2, 12, 3, 4);
        NDArray labels = manager.zeros(new Shape(2, 9, 8), DataType.INT64).add(3);
        Gradients.check(List.of(main, early), maps -> {
            SegmentationHead.Loss loss = head.loss(maps, labels, Pass.training(Precision.FLOAT32));
            return loss.pixels().add(Objects.requireNonNull(loss.auxiliary()));
        });
    }

    @Test
    void pixelsThatAreIgnoredDoNotCount() {
        try (Golden golden = Golden.open("segmentation.safetensors", manager)) {
            SegmentationHead head = golden.fill(new SegmentationHead(TAPS, 5, CONFIG), "w.");
            List<NDArray> maps = List.of(golden.read("main"), golden.read("early"));
            NDArray labels = golden.read("labels").toType(DataType.INT64, false);
            double[] logits = Numbers.of(Ops.tokens(Ops.resizeBilinear(head.logits(maps, Pass.evaluation()), 24, 20)));
            long[] truth = labels.toLongArray();
            double sum = 0;
            int count = 0;
            for (int pixel = 0; pixel < truth.length; pixel++) {
                if (truth[pixel] != SegmentationHead.IGNORED) {
                    double all = 0;
                    for (int label = 0; label < 5; label++) {
                        all += Math.exp(logits[5 * pixel + label]);
                    }
                    sum += Math.log(all) - logits[5 * pixel + (int) truth[pixel]];
                    count++;
                }
            }
            NDArray loss = head.loss(maps, labels, Pass.evaluation()).pixels();
            assertThat(Gradients.scalar(loss)).isCloseTo(sum / count, within(1e-10));
            NDArray nothing = labels.zerosLike().add(SegmentationHead.IGNORED);
            assertThat(Gradients.scalar(
                            head.loss(maps, nothing, Pass.evaluation()).pixels()))
                    .isZero();
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> new SegmentationHead(TAPS, 1, CONFIG)).hasMessageContaining("2 to 255 classes: 1");
        assertThatThrownBy(() -> new SegmentationHead(
                        TAPS, 5, new SegmentationHead.Config(32, 8, List.of(1), 0, CONFIG.auxiliary())))
                .hasMessageContaining("stride 32");
        assertThatThrownBy(() -> new SegmentationHead.Config(4, 8, List.of(0), 0, CONFIG.auxiliary()))
                .hasMessageContaining("[0]");
        assertThatThrownBy(() -> new SegmentationHead.AuxiliaryConfig(4, 0, 0)).hasMessageContaining("weight");
        SegmentationHead head = new SegmentationHead(TAPS, 5, CONFIG);
        head.initialize(manager, DataType.FLOAT32);
        List<NDArray> one = List.of(manager.zeros(new Shape(1, 7, 3, 4)), manager.zeros(new Shape(1, 12, 3, 4)));
        assertThatThrownBy(() -> head.logits(one, Pass.training(Precision.FLOAT32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 2 images");
        assertThat(head.logits(one, Pass.evaluation()).getShape().getShape()).containsExactly(1, 5, 3, 4);
    }
}
