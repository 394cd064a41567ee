package org.generalvision.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class CostTest {
    private static Layer network() {
        return new Layer() {
            private final Conv2d conv = child(
                    "conv", new Conv2d(Conv2d.Config.of(3, 8, 3).withStride(2).withBias()));
            private final BatchNorm norm = child("norm", new BatchNorm(8));
            private final Linear linear = child("linear", new Linear(8, 5));

            @Override
            public NDArray forward(NDArray x, Pass pass) {
                NDArray h = Ops.gelu(norm.forward(conv.forward(x, pass), pass));
                pass.stage("conv", h);
                long batch = h.getShape().get(0);
                return linear.forward(h.reshape(batch, 8, -1).mean(new int[] {2}), pass);
            }
        };
    }

    @Test
    void countsParametersAndMultiplyAddsWithoutStorage() {
        Cost cost = Cost.of(network(), new Shape(1, 3, 32, 32));
        assertThat(cost.parameters()).isEqualTo(3 * 8 * 9 + 8 + 16 + 45);
        assertThat(cost.macs()).isEqualTo(16 * 16 * 8 * 27 + 40);
        assertThat(cost.output()).isEqualTo(new Shape(1, 5));
        assertThat(cost.stages()).hasSize(1);
    }

    @Test
    void theRealForwardGivesTheSameShape() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Layer network = network();
            network.initialize(manager, DataType.FLOAT32);
            NDArray y = network.forward(manager.randomNormal(new Shape(2, 3, 32, 32)), Pass.evaluation());
            assertThat(y.getShape()).isEqualTo(new Shape(2, 5));
            assertThat(network.parameters().keySet())
                    .containsExactly(
                            "conv.bias",
                            "conv.weight",
                            "linear.bias",
                            "linear.weight",
                            "norm.bias",
                            "norm.running_mean",
                            "norm.running_var",
                            "norm.weight");
        }
    }
}
