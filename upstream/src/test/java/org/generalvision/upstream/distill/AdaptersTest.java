package org.generalvision.upstream.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.amateur.Gradients;
import org.generalvision.upstream.head.Numbers;
import org.generalvision.upstream.head.TapWidths;
import org.generalvision.weights.WeightLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdaptersTest {
    private static final FeatureWidths STUDENT = new FeatureWidths(
            5, new TapWidths(new TreeMap<>(Map.of(8, 3, 16, 4))), new FeatureWidths.Levels(List.of(8, 16), 6));
    private static final FeatureWidths TEACHER = new FeatureWidths(
            9, new TapWidths(new TreeMap<>(Map.of(8, 7, 16, 8))), new FeatureWidths.Levels(List.of(8, 16), 10));
    private static final List<Place> PLACES = List.of(new Place(8), new Place(0));

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private Adapters adapters() {
        Adapters adapters = new Adapters(PLACES, true, STUDENT, TEACHER);
        adapters.initialize(manager, DataType.FLOAT64);
        return adapters;
    }

    @Test
    void eachPlaceHasAOneByOneConvolutionOrALinearMapAndThePyramidHasOneForAllLevels() {
        Map<String, Shape> shapes = new TreeMap<>();
        new Adapters(PLACES, true, STUDENT, TEACHER)
                .parameters()
                .forEach((name, parameter) -> shapes.put(name, parameter.getShape()));
        assertThat(shapes)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "stride8.weight", new Shape(7, 3, 1, 1),
                        "stride8.bias", new Shape(7),
                        "pooled.weight", new Shape(9, 5),
                        "pooled.bias", new Shape(9),
                        "pyramid.weight", new Shape(10, 6, 1, 1),
                        "pyramid.bias", new Shape(10)));
        assertThat(new Adapters(List.of(), false, STUDENT, TEACHER).parameters())
                .isEmpty();
    }

    @Test
    void aMapIsAdaptedCellByCell() {
        Adapters adapters = adapters();
        NDArray map = Gradients.normal(manager, "map", 2, 3, 2, 2);
        NDArray like = manager.zeros(new Shape(2, 7, 2, 2), DataType.FLOAT64);
        double[] x = Numbers.of(map);
        Map<String, NDArray> arrays = WeightLoader.arrays(adapters);
        double[] w = Numbers.of(Objects.requireNonNull(arrays.get("stride8.weight")));
        double[] b = Numbers.of(Objects.requireNonNull(arrays.get("stride8.bias")));
        double[] y = Numbers.of(adapters.adapted(new Place(8), map, like, Pass.evaluation()));
        for (int image = 0; image < 2; image++) {
            for (int out = 0; out < 7; out++) {
                for (int cell = 0; cell < 4; cell++) {
                    double sum = b[out];
                    for (int in = 0; in < 3; in++) {
                        sum += w[out * 3 + in] * x[(image * 3 + in) * 4 + cell];
                    }
                    assertThat(y[(image * 7 + out) * 4 + cell]).isCloseTo(sum, within(1e-12));
                }
            }
        }
    }

    @Test
    void theTeachersGridIsTakenWhereItIsAnother() {
        Adapters adapters = adapters();
        NDArray like = manager.zeros(new Shape(2, 7, 3, 4), DataType.FLOAT64);
        NDArray map = Gradients.normal(manager, "map", 2, 3, 2, 3);
        assertThat(adapters.adapted(new Place(8), map, like, Pass.evaluation()).getShape())
                .isEqualTo(new Shape(2, 7, 3, 4));
        NDArray pooled = Gradients.normal(manager, "pooled", 2, 5);
        NDArray pooledLike = manager.zeros(new Shape(2, 9), DataType.FLOAT64);
        assertThat(adapters.adapted(new Place(0), pooled, pooledLike, Pass.evaluation())
                        .getShape())
                .isEqualTo(new Shape(2, 9));
        NDArray level = Gradients.normal(manager, "level", 2, 6, 1, 1);
        NDArray levelLike = manager.zeros(new Shape(2, 10, 2, 2), DataType.FLOAT64);
        assertThat(adapters.adaptedLevel(level, levelLike, Pass.evaluation()).getShape())
                .isEqualTo(new Shape(2, 10, 2, 2));
    }

    @Test
    void placesThatANetworkLacksAndOtherPyramidsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Adapters(List.of(new Place(4)), false, STUDENT, TEACHER))
                .withMessageContaining("no feature map of stride 4");
        FeatureWidths flat = new FeatureWidths(5, STUDENT.taps(), null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Adapters(PLACES, true, STUDENT, flat))
                .withMessageContaining("the teacher has none, the student strides [8, 16]");
        FeatureWidths finer = new FeatureWidths(5, STUDENT.taps(), new FeatureWidths.Levels(List.of(4, 8), 10));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Adapters(PLACES, true, finer, TEACHER))
                .withMessageContaining("same strides");
    }
}
