package org.generalvision.upstream.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.upstream.amateur.Gradients;
import org.generalvision.zoo.ZooCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeaturePyramidTest {
    private static final TapWidths TAPS = new TapWidths(new TreeMap<>(Map.of(8, 3, 16, 4)));

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Maps whose sides are odd, so that the coarse one is not half of the fine one. */
    private List<NDArray> maps() {
        return List.of(Gradients.normal(manager, "fine", 2, 3, 5, 7), Gradients.normal(manager, "coarse", 2, 4, 3, 4));
    }

    private FeaturePyramid pyramid(DataType type) {
        FeaturePyramid pyramid = new FeaturePyramid(TAPS, List.of(8, 16), 2);
        pyramid.initialize(manager, type);
        return pyramid;
    }

    @Test
    void oddMapsAreAddedCellByCell() {
        FeaturePyramid pyramid = pyramid(DataType.FLOAT64);
        List<NDArray> result = pyramid.forward(maps(), Pass.evaluation());
        assertThat(result.stream().map(NDArray::getShape).map(Object::toString).toList())
                .containsExactly("(2, 2, 5, 7)", "(2, 2, 3, 4)", "(2, 2, 2, 2)");
        double[] coarse = Numbers.of(result.get(1));
        double[] last = Numbers.of(result.get(2));
        for (int map = 0; map < 4; map++) {
            for (int cell = 0; cell < 4; cell++) {
                assertThat(last[4 * map + cell]).isEqualTo(coarse[12 * map + cell / 2 * 8 + cell % 2 * 2]);
            }
        }
        assertThat(pyramid.outputStrides()).containsExactly(8, 16, 32);
    }

    @Test
    void gradientsAreThoseOfCentralDifferences() {
        FeaturePyramid pyramid = pyramid(DataType.FLOAT64);
        Gradients.check(
                maps(),
                arrays -> pyramid.forward(arrays, Pass.training(Precision.FLOAT32)).stream()
                        .map(map -> map.square().sum())
                        .reduce(NDArray::add)
                        .orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mn-n", "resnet18", "vit-t16", "swin-t"})
    void theTapsOfANetworkAreKnownWithoutRunningIt(String name) {
        TapWidths taps = TapWidths.of(ZooCatalog.create(name, 0, 224), 224);
        assertThat(taps.channels().keySet()).contains(4, 8, 16, 32);
        assertThat(taps.of(32)).isPositive();
    }

    @Test
    void theTapsThatAWalkNotesHaveTheWidthsForetold() {
        var network = ZooCatalog.create("mn-n", 0, 64);
        TapWidths taps = TapWidths.of(ZooCatalog.create("mn-n", 0, 64), 64);
        network.initialize(manager, DataType.FLOAT32);
        Pass pass = Pass.evaluation().withTaps();
        network.features(manager.zeros(new Shape(1, 3, 64, 64)), pass);
        List<NDArray> maps = TapWidths.read(pass, List.of(4, 8, 16, 32));
        for (int i = 0; i < 4; i++) {
            assertThat(maps.get(i).getShape().getShape()).containsExactly(1, taps.of(4 << i), 16 >> i, 16 >> i);
        }
        assertThatThrownBy(() -> TapWidths.read(pass, List.of(64))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> new FeaturePyramid(TAPS, List.of(4, 8), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no feature map of stride 4, only of [8, 16]");
        assertThatThrownBy(() -> new FeaturePyramid(TAPS, List.of(16, 8), 2)).hasMessageContaining("double");
        assertThatThrownBy(() -> new FeaturePyramid(TAPS, List.of(), 2)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> new FeaturePyramid(TAPS, List.of(8), 0)).hasMessageContaining("positive: 0");
        FeaturePyramid pyramid = pyramid(DataType.FLOAT32);
        assertThatThrownBy(() -> pyramid.forward(maps().subList(0, 1), Pass.evaluation()))
                .hasMessageContaining("got 1");
        assertThatThrownBy(() -> pyramid.forward(maps().get(0), Pass.evaluation()))
                .isInstanceOf(IllegalStateException.class);
    }
}
