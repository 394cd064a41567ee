package org.generalvision.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightLoaderTest {
    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    private Layer network() {
        Layer network = new Layer() {
            private final Conv2d conv = child("conv", new Conv2d(Conv2d.Config.of(3, 4, 3)));
            private final BatchNorm norm = child("norm", new BatchNorm(4));

            @Override
            public NDArray forward(NDArray x, Pass pass) {
                return norm.forward(conv.forward(x, pass), pass);
            }
        };
        network.initialize(manager, DataType.FLOAT32);
        return network;
    }

    private SafetensorsFile file(SortedMap<String, NDArray> arrays) {
        Path path = folder.resolve("weights.safetensors");
        SafetensorsWriter.write(path, arrays, Map.of());
        return SafetensorsFile.open(path);
    }

    private static NDArray at(SortedMap<String, NDArray> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name));
    }

    @Test
    void aNetworkTakesTheWeightsOfAnotherAndKeepsItsLayout() {
        Layer source = network();
        Layer target = network();
        try (SafetensorsFile file = file(WeightLoader.arrays(source))) {
            WeightLoader.load(target, file);
        }
        SortedMap<String, NDArray> expected = WeightLoader.arrays(source);
        WeightLoader.arrays(target)
                .forEach((path, array) -> assertThat(array.toByteBuffer())
                        .as(path)
                        .isEqualTo(at(expected, path).toByteBuffer()));
        NDArray weight = at(WeightLoader.arrays(target), "conv.weight");
        assertThat(Ops.isChannelsLast(weight)).isTrue();
        assertThat(weight.hasGradient()).isTrue();
    }

    @Test
    void everythingThatDoesNotFitIsListedAtOnceAndNothingIsLoaded() {
        Layer target = network();
        SortedMap<String, NDArray> arrays = new TreeMap<>(WeightLoader.arrays(network()));
        arrays.remove("norm.bias");
        arrays.put("extra", manager.zeros(new Shape(1)));
        arrays.put("conv.weight", manager.zeros(new Shape(4, 3, 1, 1)));
        arrays.put("norm.weight", manager.zeros(new Shape(4), DataType.INT64));
        arrays.put("norm.running_mean", manager.ones(new Shape(4)));
        try (SafetensorsFile file = file(arrays)) {
            assertThatThrownBy(() -> WeightLoader.load(target, file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("4 tensors differ")
                    .hasMessageContaining("missing norm.bias (4)")
                    .hasMessageContaining("unexpected extra (1)")
                    .hasMessageContaining("conv.weight has the shape (4, 3, 1, 1) instead of (4, 3, 3, 3)")
                    .hasMessageContaining("norm.weight is I64 instead of F32");
        }
        assertThat(at(WeightLoader.arrays(target), "norm.running_mean").toFloatArray())
                .containsOnly(0);
    }

    @Test
    void optionalNamesMayStandOnOneSideOnly() {
        Layer target = network();
        SortedMap<String, NDArray> arrays = new TreeMap<>(WeightLoader.arrays(network()));
        arrays.remove("norm.running_mean");
        arrays.put("norm.num_batches_tracked", manager.create(3L));
        arrays.put("norm.running_var", manager.full(new Shape(4), 2f));
        try (SafetensorsFile file = file(arrays)) {
            WeightLoader.load(
                    target, file, name -> name.endsWith("num_batches_tracked") || name.endsWith("running_mean"));
        }
        assertThat(at(WeightLoader.arrays(target), "norm.running_var").toFloatArray())
                .containsOnly(2);
        assertThat(at(WeightLoader.arrays(target), "norm.running_mean").toFloatArray())
                .containsOnly(0);
    }

    @Test
    void doublesAndHalvesBecomeTheNetworksFormat() {
        NDArray target = manager.zeros(new Shape(3));
        for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT16}) {
            NDArray values = manager.create(new float[] {1, -2, 0.5f}).toType(type, true);
            try (SafetensorsFile file = file(new TreeMap<>(Map.of("x", values)))) {
                WeightLoader.load(new TreeMap<>(Map.of("x", target)), file, name -> false);
            }
            assertThat(target.toFloatArray()).containsExactly(1, -2, 0.5f);
        }
    }

    @Test
    void aDiskThatIsFullLeavesTheFormerFile() throws Exception {
        Path path = folder.resolve("kept.txt");
        DurableFile.write(path, "former");
        // /dev/full refuses every write with "No space left on device".
        Files.createSymbolicLink(folder.resolve("kept.txt.partial"), Path.of("/dev/full"));
        assertThatThrownBy(() -> DurableFile.write(path, "newer"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("No space left on device");
        assertThat(path).hasContent("former");
        assertThat(folder.resolve("kept.txt.partial")).doesNotExist();
        DurableFile.write(path, "newer");
        assertThat(path).hasContent("newer");
    }
}
