package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Layer;
import org.generalvision.nn.ListOps;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.zoo.ZooCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is timed is what is trained: a pass that is cut into stages gives the gradients of a whole one. */
class StageTimingTest {
    private static final long SEED = 5;

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "mn-n, float32",
        "mn-n, mixed",
        "resnet18, float32",
        "mobilenetv2-0.75, float32",
        "efficientnet-b0, float32",
        "convnext-t, float32",
        "swin-t, float32",
        "vit-t16, float32",
    })
    void stagesTogetherGiveTheGradientsOfTheWhole(String name, String precision) {
        Precision kind = Precision.valueOf(precision.toUpperCase(Locale.ROOT));
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Backbone network = ZooCatalog.create(name, 3, 32);
            JniUtils.setSeed(SEED);
            network.initialize(manager, DataType.FLOAT32);
            NDArray x = manager.randomNormal(new Shape(2, 3, 32, 32));
            SortedMap<String, NDArray> whole = gradients(network, () -> {
                JniUtils.setGradMode(true);
                NDArray y = Ops.toFloat32(network.forward(x, Pass.training(kind)));
                TrainStep.backward(y, y.onesLike());
                JniUtils.setGradMode(false);
            });
            SortedMap<String, NDArray> cut = gradients(network, () -> StageTiming.pass(network, x, kind));
            assertThat(cut).hasSameSizeAs(whole).isNotEmpty();
            whole.forEach((path, gradient) -> {
                NDArray other = Objects.requireNonNull(cut.get(path));
                double scale = gradient.norm().getFloat() + 1e-3;
                assertThat(other.sub(gradient).norm().getFloat() / scale)
                        .as(path)
                        .isLessThan(1e-3);
            });
        }
    }

    private static SortedMap<String, NDArray> gradients(Layer network, Runnable pass) {
        SortedMap<String, NDArray> gradients = new TreeMap<>();
        JniUtils.setSeed(SEED);
        pass.run();
        network.parameters().forEach((path, parameter) -> {
            if (!Layer.isBuffer(parameter)) {
                NDArray gradient = parameter.getArray().getGradient();
                gradients.put(path, gradient.duplicate());
                ListOps.zero(List.of(gradient));
            }
        });
        return gradients;
    }

    @Test
    void everyStageIsThereAndWhatFollowsTheLast() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Backbone network = ZooCatalog.create("mn-n", 0, 32);
            network.initialize(manager, DataType.FLOAT32);
            NDArray x = manager.randomNormal(new Shape(2, 3, 32, 32));
            int live = manager.getManagedArrays().size();
            StageTiming timing = StageTiming.of(network, x, Precision.FLOAT32, 2);
            assertThat(timing.stages().stream().map(StageTiming.Stage::name))
                    .containsExactly(
                            "stem", "stages.0", "stages.1", "stages.2", "stages.3", "stages.4", "stages.5", "head");
            assertThat(timing.stages()).allMatch(s -> s.forwardMillis() > 0 && s.backwardMillis() > 0);
            assertThat(manager.getManagedArrays()).hasSize(live);
            Backbone resnet = ZooCatalog.create("resnet18", 0, 32);
            resnet.initialize(manager, DataType.FLOAT32);
            List<StageTiming.Stage> stages =
                    StageTiming.of(resnet, x, Precision.FLOAT32, 1).stages();
            assertThat(stages.get(stages.size() - 1).name()).isEqualTo("rest");
            assertThatThrownBy(() -> StageTiming.of(network, x, Precision.FLOAT32, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("rounds");
        }
    }
}
