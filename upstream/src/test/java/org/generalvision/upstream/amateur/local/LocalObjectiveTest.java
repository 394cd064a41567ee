package org.generalvision.upstream.amateur.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.nn.RoiAlign;
import org.generalvision.train.Losses;
import org.generalvision.upstream.amateur.Gradients;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.amateur.LogitScale;
import org.generalvision.upstream.amateur.TextTower;
import org.generalvision.upstream.head.RegionPooling;
import org.generalvision.upstream.head.Regions;
import org.generalvision.weights.WeightLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalObjectiveTest {
    private static final ImageTextModel.Config TOWERS = new ImageTextModel.Config(
            "mn-n", 32, 0, new TextTower.Config(16, 1, 2, 8, 0), 12, new LogitScale(2, 0, 4.6));
    private static final RegionNetworkConfig NETWORK = new RegionNetworkConfig(List.of(8, 16), 8, 20, 3, 2, 16, 12, 6);
    private static final LocalConfig CONFIG = new LocalConfig(NETWORK, new MomentumSchedule(0.9), 0.5);
    private static final Pass TRAINING = Pass.training(Precision.FLOAT32);

    private final NDManager manager = NDManager.newBaseManager();
    private final boolean gradMode = JniUtils.isGradMode();

    @AfterEach
    void close() {
        JniUtils.setGradMode(gradMode);
        manager.close();
    }

    private LocalModel model(DataType type) {
        LocalModel model = new LocalModel(TOWERS, NETWORK, 515);
        JniUtils.setSeed(3);
        model.initialize(manager, type);
        return model;
    }

    private LocalObjective objective(LocalModel model, LocalConfig config) {
        return new LocalObjective(model, TOWERS, config, 10, manager);
    }

    /** Two regions in each of so many images. */
    private Batch batch(int images, DataType type) {
        Map<String, NDArray> arrays = new HashMap<>();
        for (String number : List.of("", "2", "3")) {
            arrays.put(
                    "image" + number,
                    Gradients.normal(manager, "image" + number, images, 3, 32, 32)
                            .toType(type, false));
            float[] boxes = new float[8 * images];
            for (int i = 0; i < boxes.length; i += 4) {
                boxes[i] = 1 + i / 4f;
                boxes[i + 1] = 2;
                boxes[i + 2] = boxes[i] + (i % 8 == 0 ? 9 : 24);
                boxes[i + 3] = 2 + (i % 8 == 0 ? 12 : 27);
            }
            arrays.put("boxes" + number, manager.create(boxes, new Shape(images, 2, 4)));
        }
        List<Long> ids = new ArrayList<>();
        for (long i = 0; i < images; i++) {
            ids.add(i);
        }
        return new Batch(0, 0, ids, arrays);
    }

    private static <T> T at(Map<String, T> map, String path) {
        return Objects.requireNonNull(map.get(path), path);
    }

    private static double meanCosine(double[] a, double[] b, int width) {
        double sum = 0;
        for (int row = 0; row < a.length; row += width) {
            double product = 0;
            double lengthA = 0;
            double lengthB = 0;
            for (int i = row; i < row + width; i++) {
                product += a[i] * b[i];
                lengthA += a[i] * a[i];
                lengthB += b[i] * b[i];
            }
            sum += product / Math.sqrt(lengthA * lengthB);
        }
        return sum * width / a.length;
    }

    @Test
    void contrastAndDistanceAreThoseOfPlainLoops() {
        NDArray q = Gradients.normal(manager, "q", 5, 7);
        NDArray k = Gradients.normal(manager, "k", 5, 7);
        double cosine = meanCosine(q.toDoubleArray(), k.toDoubleArray(), 7);
        assertThat(Gradients.scalar(LocalObjective.contrast(q, k))).isCloseTo(-2 * cosine, within(1e-12));
        double squared = 0;
        for (int row = 0; row < 5; row++) {
            double[] a = Ops.normalize(q, 1).get(row).toDoubleArray();
            double[] b = Ops.normalize(k, 1).get(row).toDoubleArray();
            for (int i = 0; i < 7; i++) {
                squared += (a[i] - b[i]) * (a[i] - b[i]) / 5;
            }
        }
        assertThat(Gradients.scalar(LocalObjective.distance(q, k))).isCloseTo(squared, within(1e-12));
        assertThat(Gradients.scalar(LocalObjective.distance(q, Ops.scale(q, 3))))
                .isCloseTo(0, within(1e-12));
    }

    @Test
    void onlyTheFirstSideGetsAGradient() {
        NDArray k = Gradients.normal(manager, "k", 4, 5);
        Gradients.check(List.of(Gradients.normal(manager, "q", 4, 5)), a -> LocalObjective.contrast(a.get(0), k));
        Gradients.check(List.of(Gradients.normal(manager, "q", 4, 5)), a -> LocalObjective.distance(a.get(0), k));
        NDArray q = Gradients.normal(manager, "q", 4, 5);
        List<NDArray> gradients =
                Gradients.of(List.of(q, k), () -> LocalObjective.contrast(q, k).add(k.sum()));
        assertThat(gradients.get(1).toDoubleArray()).containsOnly(1);
    }

    /** The sum of the four directions, each computed here from the layers one by one. */
    @Test
    void theLossIsTheSumOverPairsOfViewsInBothDirections() {
        LocalModel model = model(DataType.FLOAT64);
        LocalObjective objective = objective(model, CONFIG);
        moveTarget(objective);
        Batch batch = batch(3, DataType.FLOAT64);
        Losses losses = objective.losses(batch, TRAINING);
        List<double[]> q = new ArrayList<>();
        List<double[]> k = new ArrayList<>();
        for (String number : List.of("", "2", "3")) {
            List<Regions> regions = LocalObjective.regions(batch.get("boxes" + number));
            NDArray image = batch.get("image" + number);
            q.add(model.predict(model.encode(image, regions, TRAINING).regions(), TRAINING)
                    .toDoubleArray());
            k.add(target(objective).project(image, regions, TRAINING).toDoubleArray());
        }
        double expected = -2
                * (meanCosine(q.get(0), k.get(1), 6)
                        + meanCosine(q.get(0), k.get(2), 6)
                        + meanCosine(q.get(1), k.get(0), 6)
                        + meanCosine(q.get(2), k.get(0), 6));
        assertThat(losses.terms().stream().map(Losses.Term::name)).containsExactly("regions", "keep");
        assertThat(Gradients.scalar(losses.terms().get(0).value())).isCloseTo(expected, within(1e-9));
        assertThat(losses.terms().get(1).weight()).isEqualTo(0.5);
    }

    /** Another target than the model, so that the two cannot be mistaken for each other. */
    private static void moveTarget(LocalObjective objective) {
        target(objective).arrays().forEach((path, array) -> {
            if (path.endsWith("weight")) {
                Ops.copyInto(array, array.mul(1.1).add(0.01));
            }
        });
    }

    private static MomentumTarget target(LocalObjective objective) {
        return objective.target();
    }

    @Test
    void gradientsAreThoseOfCentralDifferencesWithTargetAndStartHeldFixed() {
        LocalModel model = model(DataType.FLOAT64);
        LocalObjective objective = objective(model, CONFIG);
        moveTarget(objective);
        Batch batch = batch(2, DataType.FLOAT64);
        List<NDArray> trained = new ArrayList<>();
        model.parameters().forEach((path, parameter) -> {
            if (!Layer.isBuffer(parameter) && parameter.requiresGradient() && !path.startsWith("image.")) {
                trained.add(parameter.getArray());
            }
        });
        trained.add(at(model.parameters(), "image.stem.conv.weight").getArray());
        List<NDArray> kept = trained.stream().map(Ops::copy).toList();
        Function<List<NDArray>, NDArray> values = moved -> {
            JniUtils.setGradMode(false);
            for (int i = 0; i < kept.size(); i++) {
                Ops.copyInto(trained.get(i), moved.get(i));
            }
            NDArray loss = objective.losses(batch, TRAINING).total();
            for (int i = 0; i < kept.size(); i++) {
                Ops.copyInto(trained.get(i), kept.get(i));
            }
            return loss;
        };
        Gradients.check(trained, a -> objective.losses(batch, TRAINING).total(), values);
    }

    @Test
    void keepIsNothingWhereTheTowersAgreeAndAbsentAtWeightZero() {
        LocalModel model = model(DataType.FLOAT64);
        Batch batch = batch(2, DataType.FLOAT64);
        // In an evaluation pass the trained tower is, before the first step, the very tower of the start.
        Losses same = objective(model, CONFIG).losses(batch, Pass.evaluation());
        assertThat(Gradients.scalar(same.terms().get(1).value())).isCloseTo(0, within(1e-12));
        LocalConfig without = new LocalConfig(NETWORK, new MomentumSchedule(0.9), 0);
        assertThat(objective(model, without).losses(batch, TRAINING).terms()).hasSize(1);
    }

    @Test
    void theTargetFollowsByItsMomentum() {
        JniUtils.setGradMode(false);
        LocalModel model = model(DataType.FLOAT64);
        LocalObjective objective = objective(model, CONFIG);
        SortedMap<String, double[]> expected = new TreeMap<>();
        target(objective).arrays().forEach((path, array) -> expected.put(path, array.toDoubleArray()));
        double before = at(WeightLoader.arrays(model), "projector.linear1.bias").toDoubleArray()[0];
        for (long step = 0; step < 3; step++) {
            model.parameters().values().stream()
                    .filter(p -> !Layer.isBuffer(p))
                    .map(Parameter::getArray)
                    .forEach(array -> Ops.copyInto(array, array.mul(1.5).add(0.1)));
            objective.afterUpdate(step);
            double momentum = 1 - 0.1 * (Math.cos(Math.PI * step / 10) + 1) / 2;
            SortedMap<String, NDArray> now = WeightLoader.arrays(model);
            expected.forEach((path, values) -> {
                double[] weights = at(now, path).toDoubleArray();
                for (int i = 0; i < values.length && !path.contains("running"); i++) {
                    values[i] = momentum * values[i] + (1 - momentum) * weights[i];
                }
            });
        }
        target(objective).arrays().forEach((path, array) -> {
            double[] values = array.toDoubleArray();
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).as(path).isCloseTo(at(expected, path)[i], within(1e-12));
            }
        });
        assertThat(before).isZero();
        assertThat(at(expected, "projector.linear1.bias")[0]).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"0, 0.99", "50, 0.995", "100, 1", "25, 0.99146447"})
    void theMomentumGrowsAlongHalfACosine(long step, double expected) {
        assertThat(new MomentumSchedule(0.99).at(step, 100)).isCloseTo(expected, within(1e-8));
    }

    /** SoCo reads areas below 48 x 48 from stride 4, below 96 x 96 from stride 8, below 192 x 192 from 16, others from 32. */
    @ParameterizedTest
    @CsvSource({"10, 0", "47.9, 0", "48, 1", "95.9, 1", "96, 2", "191.9, 2", "192, 3", "224, 3"})
    void aRegionIsReadFromTheMapOfItsScale(double side, int map) {
        RegionPooling pooling = new RegionPooling(new RoiAlign(7, 7, 2), List.of(4, 8, 16, 32), 96);
        assertThat(pooling.map(side * side)).isEqualTo(map);
    }

    @Test
    void regionsAreReadImageByImage() {
        List<Regions> regions =
                LocalObjective.regions(manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(2, 1, 4)));
        assertThat(regions)
                .containsExactly(
                        new Regions(ImmutableDoubleArray.of(1, 2, 3, 4)),
                        new Regions(ImmutableDoubleArray.of(5, 6, 7, 8)));
    }

    @Test
    void theSmallViewMovesNoStatistics() {
        JniUtils.setGradMode(false);
        LocalModel one = model(DataType.FLOAT32);
        Batch batch = batch(2, DataType.FLOAT32);
        objective(one, CONFIG).losses(batch, TRAINING);
        LocalModel other = model(DataType.FLOAT32);
        for (String number : List.of("", "2")) {
            other.image().features(batch.get("image" + number), TRAINING);
        }
        NDArray expected =
                at(other.parameters(), "image.stem.norm.running_mean").getArray();
        NDArray actual = at(one.parameters(), "image.stem.norm.running_mean").getArray();
        assertThat(actual.toFloatArray()).isEqualTo(expected.toFloatArray());
        assertThat(actual.abs().sum().getFloat()).isPositive();
    }

    @Test
    void whatMakesTheCommonSpaceIsNotTrained() {
        SortedMap<String, Parameter> parameters = model(DataType.FLOAT32).parameters();
        parameters.forEach((path, parameter) -> {
            boolean space =
                    path.startsWith("text.") || path.startsWith("image_projection.") || path.equals("logit_scale");
            assertThat(parameter.requiresGradient()).as(path).isEqualTo(!space && !Layer.isBuffer(parameter));
        });
    }

    @Test
    void theStartIsLookedAtAndThenEverythingIsAsItWas() {
        JniUtils.setGradMode(false);
        LocalModel model = model(DataType.FLOAT32);
        LocalObjective objective = objective(model, CONFIG);
        NDArray images = batch(2, DataType.FLOAT32).get("image");
        float[] then = model.forward(images, Pass.evaluation()).toFloatArray();
        WeightLoader.arrays(model)
                .values()
                .forEach(array -> Ops.copyInto(array, array.mul(1.3).add(0.02)));
        Map<String, float[]> moved = new HashMap<>();
        WeightLoader.arrays(model).forEach((path, array) -> moved.put(path, array.toFloatArray()));
        float[] during = objective
                .start()
                .during(model, () -> model.forward(images, Pass.evaluation()).toFloatArray());
        assertThat(during).isEqualTo(then);
        WeightLoader.arrays(model)
                .forEach((path, array) -> assertThat(array.toFloatArray()).isEqualTo(moved.get(path)));
        NDArray kept = Ops.normalize(objective.start().forward(images, TRAINING), 1);
        assertThat(kept.toFloatArray()).isEqualTo(then);
    }

    @Test
    void layersThatTheRecipeFreezesAreFrozenInTheTargetToo() {
        JniUtils.setGradMode(false);
        LocalModel model = model(DataType.FLOAT32);
        LocalObjective objective = objective(model, CONFIG);
        at(model.layers(), "image").freeze(true);
        objective.losses(batch(2, DataType.FLOAT32), TRAINING);
        assertThat(at(target(objective).layers(), "image.stem.norm").isFrozen()).isTrue();
        assertThat(at(target(objective).layers(), "projector.norm1").isFrozen()).isFalse();
    }

    @Test
    void aStepLeavesNoArrayBehind() {
        LocalObjective objective = objective(model(DataType.FLOAT32), CONFIG);
        Batch batch = batch(2, DataType.FLOAT32);
        List<Integer> live = new ArrayList<>();
        for (long step = 0; step < 4; step++) {
            JniUtils.setGradMode(true);
            try (NDManager scratch = manager.newSubManager()) {
                Map<String, NDArray> lent = new HashMap<>();
                batch.arrays().forEach((name, array) -> {
                    NDArray handle = array.stopGradient();
                    handle.attach(scratch);
                    lent.put(name, handle);
                });
                objective
                        .losses(new Batch(step, 0, batch.ids(), lent), TRAINING)
                        .total();
            }
            JniUtils.setGradMode(false);
            objective.afterUpdate(step);
            live.add(manager.getManagedArrays().size());
        }
        assertThat(live).containsOnly(live.get(0));
    }

    @Test
    void aBatchOfOneImageIsRefused() {
        LocalObjective objective = objective(model(DataType.FLOAT32), CONFIG);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> objective.losses(batch(1, DataType.FLOAT32), TRAINING))
                .withMessageContaining("at least 2 images in a batch");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void aMomentumOutsideItsRangeIsRefused(double start) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MomentumSchedule(start))
                .withMessageContaining("start must lie in [0, 1)");
    }

    @Test
    void regionsThatFindThemselvesAreCounted() {
        RegionMetrics.Found found = new RegionMetrics.Found();
        // Two images of two regions: 0 finds itself; 1 finds 0; 2 finds 1 of the other image, itself in its own; 3
        // itself.
        found.add(
                new float[] {
                    0.9f, 0.1f, 0.2f, 0.3f, //
                    0.8f, 0.7f, 0.1f, 0.1f, //
                    0.1f, 0.9f, 0.8f, 0.2f, //
                    0.0f, 0.1f, 0.2f, 0.3f
                },
                2);
        assertThat(found.figures()).containsEntry("regions/inBatch", 0.5).containsEntry("regions/inImage", 0.75);
    }
}
