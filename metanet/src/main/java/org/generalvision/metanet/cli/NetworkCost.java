package org.generalvision.metanet.cli;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;
import java.util.List;
import org.generalvision.nn.Cost;
import org.generalvision.zoo.ZooEntry;
import org.jspecify.annotations.Nullable;

/**
 * What a network of the zoo costs for one picture, as the commands print it.
 *
 * @param gmacs multiply-adds in units of 10^9
 * @param activationBytes float32 bytes that convolutions, linear maps and attention write
 * @param source where the network was published
 * @param timing how long it takes on this machine, if that was measured
 */
@JsonPropertyOrder({"name", "params", "gmacs", "resolution"})
record NetworkCost(
        String name,
        long params,
        double gmacs,
        int resolution,
        int classes,
        long activationBytes,
        String source,
        List<Stage> stages,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable NetworkTiming timing) {

    /** One stage of a network. */
    record Stage(String name, List<Long> output, long params, long macs, long activationBytes) {
        private static Stage of(Cost.Stage stage) {
            return new Stage(
                    stage.name(), sizes(stage.output()), stage.parameters(), stage.macs(), bytes(stage.activations()));
        }
    }

    static NetworkCost of(ZooEntry entry, int classes, int resolution) {
        Cost cost = Cost.of(entry.create(classes, resolution), new Shape(1, 3, resolution, resolution));
        return new NetworkCost(
                entry.name(),
                cost.parameters(),
                cost.macs() / 1e9,
                resolution,
                classes,
                bytes(cost.activations()),
                entry.source(),
                cost.stages().stream().map(Stage::of).toList(),
                null);
    }

    NetworkCost with(NetworkTiming measured) {
        return new NetworkCost(name, params, gmacs, resolution, classes, activationBytes, source, stages, measured);
    }

    private static long bytes(long float32Elements) {
        return float32Elements * Float.BYTES;
    }

    private static List<Long> sizes(Shape shape) {
        return Arrays.stream(shape.getShape()).boxed().toList();
    }
}
