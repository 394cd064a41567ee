package org.generalvision.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.generalvision.weights.SafetensorsFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators on boxes and regions against torchvision; {@code golden/regions.py} made the values. */
class RegionGoldenTest {
    @SuppressWarnings("NullAway.Init") // before all tests
    private static NDManager manager;

    @SuppressWarnings("NullAway.Init")
    private static SafetensorsFile golden;

    @BeforeAll
    static void open() {
        manager = Engine.getEngine("PyTorch").newBaseManager();
        golden = SafetensorsFile.open(Path.of("src/test/resources/golden/regions.safetensors"));
    }

    @AfterAll
    static void close() {
        golden.close();
        manager.close();
    }

    private static NDArray read(String name) {
        return golden.read(name, manager);
    }

    private static void assertSame(NDArray actual, String expected) {
        assertThat(actual.getShape()).isEqualTo(read(expected).getShape());
        assertThat(Plain.of(actual).values())
                .containsExactly(Plain.of(read(expected)).values(), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 0})
    void regionsAreReadAsByTorchvision(int samples) {
        NDArray x = read("features");
        JniUtils.setGradMode(true);
        x.setRequiresGradient(true);
        int[] images = Arrays.stream(read("images").toDoubleArray())
                .mapToInt(i -> (int) i)
                .toArray();
        NDArray y =
                new RoiAlign(3, 2, samples).forward(x, images, read("regions").toDoubleArray(), 0.5);
        assertSame(y, "align." + samples);
        JniUtils.backward((PtNDArray) y, (PtNDArray) read("weighting"), false, false);
        assertSame(x.getGradient(), "gradient." + samples);
    }

    @Test
    void overlapsAndOffsetsAreThoseOfTorchvision() {
        NDArray first = read("first");
        NDArray second = read("second");
        BoxCoding coding = BoxCoding.ofRegions();
        assertSame(BoxOps.iou(first, second), "iou");
        assertSame(BoxOps.generalizedIou(first, second), "giou");
        assertSame(BoxOps.encode(first, second, coding), "offsets");
        assertSame(BoxOps.decode(read("offsets").mul(manager.create(5.0)), second, coding), "decoded");
    }

    @Test
    void suppressionKeepsWhatTorchvisionKeeps() {
        float[] boxes = floats("many");
        float[] scores = floats("scores");
        int[] groups = IntStream.range(0, 400).map(i -> i % 3).toArray();
        int[] kept = new Nms(0.4).keep(boxes, scores, groups, 400);
        assertThat(kept)
                .containsExactly(Arrays.stream(read("kept").toDoubleArray())
                        .mapToInt(i -> (int) i)
                        .toArray());
        assertThat(kept.length).isLessThan(300);
    }

    private static float[] floats(String name) {
        double[] numbers = read(name).toDoubleArray();
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
