package org.generalvision.upstream.generalist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.upstream.amateur.Gradients;
import org.generalvision.upstream.head.Numbers;
import org.generalvision.zoo.ZooCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferLayerTest {
    private static final List<Level> LEVELS =
            List.of(new Level(4, 2, "a", false), new Level(8, 3, "b", false), new Level(16, 4, "c", false));
    private static final int BATCH = 2;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private TransferLayer layer(int level, double innerNorm) {
        TransferLayer layer = new TransferLayer(LEVELS, level, innerNorm);
        layer.initialize(manager, DataType.FLOAT64);
        return layer;
    }

    /** Weights as after some training. */
    private TransferLayer trained(int level) {
        TransferLayer layer = layer(level, 1);
        layer.parameters().forEach((path, parameter) -> {
            if (!Layer.isBuffer(parameter)) {
                Ops.copyInto(
                        parameter.getArray(),
                        Gradients.normal(manager, path, parameter.getShape().getShape()));
            }
        });
        return layer;
    }

    /** Maps whose sides are odd where they can be: 9 x 7, 5 x 4, 3 x 2. */
    private List<NDArray> maps() {
        return List.of(
                Gradients.normal(manager, "fine", BATCH, 2, 9, 7),
                Gradients.normal(manager, "middle", BATCH, 3, 5, 4),
                Gradients.normal(manager, "coarse", BATCH, 4, 3, 2));
    }

    private static double[] numbers(SortedMap<String, Parameter> parameters, String path) {
        Parameter parameter = parameters.get(path);
        assertThat(parameter).as(path).isNotNull();
        return Numbers.of(Objects.requireNonNull(parameter).getArray());
    }

    /** (B, C, H, W) in plain arrays. */
    private static final class Map4 {
        private final double[] values;
        private final int channels;
        private final int height;
        private final int width;

        Map4(double[] values, int channels, int height, int width) {
            this.values = values;
            this.channels = channels;
            this.height = height;
            this.width = width;
        }

        double at(int b, int c, int y, int x) {
            boolean inside = y >= 0 && y < height && x >= 0 && x < width;
            return inside ? values[((b * channels + c) * height + y) * width + x] : 0;
        }

        Map4 conv(double[] weights, int out, int kernel, int stride) {
            int padding = kernel / 2;
            int h = (height + 2 * padding - kernel) / stride + 1;
            int w = (width + 2 * padding - kernel) / stride + 1;
            double[] result = new double[BATCH * out * h * w];
            for (int i = 0; i < result.length; i++) {
                int x = i % w;
                int y = i / w % h;
                int o = i / (w * h) % out;
                int b = i / (w * h * out);
                for (int k = 0; k < channels * kernel * kernel; k++) {
                    int c = k / (kernel * kernel);
                    int dy = k / kernel % kernel;
                    int dx = k % kernel;
                    result[i] += weights[o * channels * kernel * kernel + k]
                            * at(b, c, y * stride - padding + dy, x * stride - padding + dx);
                }
            }
            return new Map4(result, out, h, w);
        }

        /** Batch norm with the batch's own statistics. */
        Map4 norm(double[] weight, double[] bias) {
            double[] result = values.clone();
            int cells = height * width;
            for (int c = 0; c < channels; c++) {
                double mean = 0;
                double square = 0;
                for (int b = 0; b < BATCH; b++) {
                    for (int i = 0; i < cells; i++) {
                        double value = values[(b * channels + c) * cells + i];
                        mean += value / (BATCH * cells);
                        square += value * value / (BATCH * cells);
                    }
                }
                for (int b = 0; b < BATCH; b++) {
                    for (int i = 0; i < cells; i++) {
                        int at = (b * channels + c) * cells + i;
                        result[at] = (values[at] - mean) / Math.sqrt(square - mean * mean + 1e-5) * weight[c] + bias[c];
                    }
                }
            }
            return new Map4(result, channels, height, width);
        }

        Map4 relu() {
            return new Map4(Arrays.stream(values).map(v -> Math.max(0, v)).toArray(), channels, height, width);
        }
    }

    private static Map4 unit(SortedMap<String, Parameter> p, String path, int place, Map4 x, int out, int kernel) {
        String conv = path + "." + place + ".weight";
        String norm = path + "." + (place + 1);
        return x.conv(numbers(p, conv), out, kernel, kernel == 1 ? 1 : 2)
                .norm(numbers(p, norm + ".weight"), numbers(p, norm + ".bias"));
    }

    @Test
    void theThirdLevelIsTheSumOfAllThreeInPlainLoops() {
        TransferLayer layer = trained(2);
        List<NDArray> maps = maps();
        SortedMap<String, Parameter> p = layer.parameters();
        Map4 fine = new Map4(Numbers.of(maps.get(0)), 2, 9, 7);
        Map4 first = unit(
                p, "convs.layer1", 3, unit(p, "convs.layer1", 0, fine, 2, 3).relu(), 4, 3);
        Map4 second = unit(p, "convs.layer2", 0, new Map4(Numbers.of(maps.get(1)), 3, 5, 4), 4, 3);
        Map4 third = unit(p, "convs.layer3", 0, new Map4(Numbers.of(maps.get(2)), 4, 3, 2), 4, 1);
        NDArray actual = layer.forward(maps, 3, 2, Pass.training(Precision.FLOAT32));
        assertThat(actual.getShape()).isEqualTo(new Shape(BATCH, 4, 3, 2));
        double[] values = Numbers.of(actual);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isCloseTo(first.values[i] + second.values[i] + third.values[i], within(1e-9));
        }
    }

    @Test
    void gradientsAreThoseOfCentralDifferences() {
        TransferLayer layer = trained(2);
        NDArray weights = Gradients.normal(manager, "weights", BATCH, 4, 3, 2);
        Gradients.check(
                maps(),
                maps -> layer.forward(maps, 3, 2, Pass.training(Precision.FLOAT32))
                        .mul(weights)
                        .sum());
    }

    @Test
    void aMapOfAnotherSizeIsFittedByItsNearestCells() {
        TransferLayer layer = trained(0);
        List<NDArray> maps = maps();
        NDArray whole = layer.forward(maps, 9, 7, Pass.evaluation());
        NDArray fitted = layer.forward(maps, 4, 3, Pass.evaluation());
        assertThat(fitted.getShape()).isEqualTo(new Shape(BATCH, 2, 4, 3));
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 3; x++) {
                assertThat(fitted.getDouble(1, 1, y, x)).isEqualTo(whole.getDouble(1, 1, y * 9 / 4, x * 7 / 3));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void nothingComesThroughAtTheStart(double innerNorm) {
        for (int level = 0; level < 3; level++) {
            TransferLayer layer = layer(level, innerNorm);
            NDArray sum = layer.forward(maps(), 5, 4, Pass.training(Precision.FLOAT32));
            assertThat(sum.abs().max().getDouble()).isZero();
            layer.parameters().forEach((path, parameter) -> {
                double size = parameter.getArray().abs().max().getDouble();
                if (path.endsWith("0.weight") && path.startsWith("convs")) {
                    assertThat(size).as(path).isBetween(1e-4, 1e-2); // N(0, 0.001)
                }
            });
        }
        SortedMap<String, Parameter> p = layer(2, innerNorm).parameters();
        assertThat(p.keySet())
                .contains(
                        "convs.layer1.0.weight", "convs.layer1.3.weight", "convs.layer1.4.bias", "convs.layer3.1.bias")
                .doesNotContain("convs.layer3.0.bias", "convs.layer2.3.weight");
        assertThat(numbers(p, "convs.layer1.1.weight")).containsOnly(innerNorm);
        assertThat(numbers(p, "convs.layer1.4.weight")).containsOnly(0);
        assertThat(numbers(p, "convs.layer3.1.weight")).containsOnly(0);
    }

    /** The widths and the ratios of sizes in the table of the released code: MN-B4 {64: 4, 128: 2, 192: 1} and so on. */
    @ParameterizedTest
    @CsvSource({
        "mn-b4, stages.1 64 stages.2 128 stages.4 192",
        "mn-b15, stages.1 256 stages.2 512 stages.4 768",
        "mn-n, stages.1 24 stages.2 48 stages.4 96",
        "resnet50, layer1 256 layer2 512 layer3 1024",
        "efficientnet-b0, blocks.1 24 blocks.2 40 blocks.4 112",
        "convnext-t, stages.0 96 stages.1 192 stages.2 384",
        "swin-t, layers.0 96 layers.1 192 layers.2 384",
    })
    void theLevelsOfANetworkAreTheEndsOfItsStages(String name, String expected) {
        List<Level> levels = Level.of(() -> ZooCatalog.create(name, 0, 224), List.of(4, 8, 16));
        assertThat(levels.stream().map(l -> l.stage() + " " + l.channels()).reduce((a, b) -> a + " " + b))
                .contains(expected);
        assertThat(levels).allMatch(l -> l.channelsLast() == name.startsWith("swin"));
        assertThat(levels.stream().map(l -> 16 / l.stride())).containsExactly(4, 2, 1);
    }

    @Test
    void aStageWithChannelsLastIsAddedToLikeAnyOther() {
        Level level = new Level(4, 2, "s", true);
        TransferLayer layer = new TransferLayer(List.of(level), 0, 1);
        layer.initialize(manager, DataType.FLOAT64);
        layer.parameters().values().forEach(p -> p.getArray().addi(0.5));
        NDArray source = Gradients.normal(manager, "source", BATCH, 2, 3, 4);
        NDArray target_BHWC = Gradients.normal(manager, "target", BATCH, 3, 4, 2);
        Reception reception = new Reception(
                List.of(level), List.of(new Reception.Source(List.of(layer), List.of(source))), Pass.evaluation());
        NDArray added = reception.reached("s", target_BHWC);
        NDArray transferred = layer.forward(List.of(source), 3, 4, Pass.evaluation());
        assertThat(added.getShape()).isEqualTo(target_BHWC.getShape());
        assertThat(added.getDouble(1, 2, 3, 1))
                .isCloseTo(target_BHWC.getDouble(1, 2, 3, 1) + transferred.getDouble(1, 1, 2, 3), within(1e-12));
        assertThat(reception.reached("other", target_BHWC)).isSameAs(target_BHWC);
    }

    @Test
    void levelsThatABackboneDoesNotHaveAreRefused() {
        for (Map.Entry<String, Integer> wrong :
                Map.of("mn-n", 64, "resnet18", 2, "vit-t16", 16).entrySet()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> Level.of(() -> ZooCatalog.create(wrong.getKey(), 0, 224), List.of(wrong.getValue())))
                    .withMessageContaining("no stage that ends with a feature map of stride " + wrong.getValue());
        }
        for (List<Integer> strides : List.of(List.<Integer>of(), List.of(8, 4), List.of(4, 12), List.of(0))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TransferConfig(strides, 1))
                    .withMessageContaining("power of two");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TransferConfig(List.of(4), 2))
                .withMessageContaining("innerNorm must lie in [0, 1]");
    }
}
