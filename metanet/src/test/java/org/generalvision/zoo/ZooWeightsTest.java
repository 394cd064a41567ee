package org.generalvision.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Definitions;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Plain;
import org.generalvision.nn.TokenOps;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.SafetensorsWriter;
import org.generalvision.weights.WeightLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZooWeightsTest {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} in the names of {1}")
    @CsvSource({
        "mobilenetv2, timm, classifier.weight",
        "mobilenetv2, torchvision, features.2.conv.1.0.weight",
        "efficientnet-b0, timm, blocks.1.0.se.conv_reduce.weight",
        "efficientnet-b0, torchvision, features.2.0.block.2.fc1.weight",
        "vit-t16, timm, blocks.11.attn.qkv.bias",
        "vit-t16, torchvision, encoder.layers.encoder_layer_11.self_attention.in_proj_bias",
        "vit-t16, torchvision before 0.14, encoder.layers.encoder_layer_3.mlp.linear_2.bias",
        "swin-t, timm before 0.9, layers.0.downsample.reduction.weight",
        "swin-t, torchvision, features.7.1.attn.relative_position_bias_table",
        "convnext-t, torchvision, features.5.8.layer_scale",
        "resnet18, timm, layer4.0.downsample.1.running_var"
    })
    void whatIsWrittenInALibrarysNamesIsReadBack(String network, String library, String oneName) {
        ZooEntry entry = ZooCatalog.entry(network);
        Path path = folder.resolve("weights.safetensors");
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Backbone written = entry.create();
            written.initialize(manager, DataType.FLOAT32);
            SortedMap<String, NDArray> named = ZooWeights.arrays(entry, written, library);
            assertThat(named).containsKey(oneName);
            SafetensorsWriter.write(path, new TreeMap<>(named), Map.of());
            Backbone read = entry.create();
            read.initialize(manager, DataType.FLOAT32);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                ZooWeights.load(entry, read, file);
            }
            SortedMap<String, NDArray> result = WeightLoader.arrays(read);
            WeightLoader.arrays(written)
                    .forEach((name, array) -> assertThat(
                                    Objects.requireNonNull(result.get(name)).contentEquals(array))
                            .as(name)
                            .isTrue());
        }
    }

    private static SwinTransformer swin(int window) {
        return new SwinTransformer(new SwinTransformer.Config(16, List.of(2, 2), List.of(2, 4), window, 0), 10);
    }

    private static Plain plain(SortedMap<String, NDArray> arrays, String name) {
        return Plain.of(Objects.requireNonNull(arrays.get(name)).toType(DataType.FLOAT64, false));
    }

    @Test
    void biasTablesOfOtherWindowsAreResized() {
        ZooEntry entry = ZooCatalog.entry("swin-t");
        Path path = folder.resolve("weights.safetensors");
        String name = "layers.1.blocks.0.attn.relative_position_bias_table";
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Backbone wide = swin(7);
            wide.initialize(manager, DataType.FLOAT32);
            SortedMap<String, NDArray> stored = WeightLoader.arrays(wide);
            SafetensorsWriter.write(path, new TreeMap<>(stored), Map.of());
            Backbone narrow = swin(4);
            narrow.initialize(manager, DataType.FLOAT32);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                ZooWeights.load(entry, narrow, file);
            }
            Plain table = plain(stored, name);
            Plain map = Plain.filled(i -> table.at(i[2] * 13 + i[3], i[1]), 1, 4, 13, 13);
            Plain resized = Definitions.resize(map, 7, 7, 2, Definitions::cubic);
            SortedMap<String, NDArray> loaded = WeightLoader.arrays(narrow);
            double[] expected = Plain.filled(i -> resized.at(0, i[1], i[0] / 7, i[0] % 7), 49, 4)
                    .values();
            assertThat(plain(loaded, name).values()).containsExactly(expected, within(1e-6));
            assertThat(loaded.get("head.fc.weight")).isEqualTo(stored.get("head.fc.weight"));
        }
    }

    @Test
    void placeEmbeddingsOfOtherPicturesAreResizedAndTheClassTokenStays() {
        ZooEntry entry = ZooCatalog.entry("vit-t16");
        Path path = folder.resolve("weights.safetensors");
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Backbone large = entry.create(10, 96);
            large.initialize(manager, DataType.FLOAT32);
            SortedMap<String, NDArray> named = ZooWeights.arrays(entry, large, "torchvision");
            SafetensorsWriter.write(path, new TreeMap<>(named), Map.of());
            Backbone small = entry.create(10, 64);
            small.initialize(manager, DataType.FLOAT32);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                ZooWeights.load(entry, small, file);
            }
            NDArray places = Objects.requireNonNull(WeightLoader.arrays(small).get("pos_embed"));
            NDArray stored = Objects.requireNonNull(WeightLoader.arrays(large).get("pos_embed"));
            NDArray expected = Ops.resizePlaces(stored, TokenOps.only(stored, stored), 6, 4, 4);
            assertThat(places.getShape()).isEqualTo(new Shape(1, 17, 192));
            assertThat(places.sub(expected).abs().max().getFloat()).isLessThan(1e-6f);
        }
    }

    @Test
    void aTableThatIsNoGridIsRefusedAndTheNetworkStaysAsItWas() {
        ZooEntry entry = ZooCatalog.entry("vit-t16");
        Path path = folder.resolve("weights.safetensors");
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Backbone network = entry.create(10, 64);
            network.initialize(manager, DataType.FLOAT32);
            SortedMap<String, NDArray> arrays = new TreeMap<>(WeightLoader.arrays(network));
            NDArray before = Objects.requireNonNull(arrays.get("pos_embed")).duplicate();
            arrays.put("pos_embed", manager.zeros(new Shape(1, 16, 192)));
            SafetensorsWriter.write(path, arrays, Map.of());
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                assertThatThrownBy(() -> ZooWeights.load(entry, network, file))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("pos_embed has the shape (1, 16, 192)");
            }
            assertThat(WeightLoader.arrays(network).get("pos_embed")).isEqualTo(before);
        }
    }

    @Test
    void aLibraryThatLacksTheNetworkIsRefused() {
        ZooEntry entry = ZooCatalog.entry("mn-n");
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Backbone network = entry.create();
            network.initialize(manager, DataType.FLOAT32);
            assertThatThrownBy(() -> ZooWeights.arrays(entry, network, "torchvision"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("mn-n")
                    .hasMessageContaining("torchvision");
        }
    }

    @Test
    void variantsThatPadInAnotherWayAreNamed() {
        assertThatThrownBy(() -> ZooCatalog.entry("tf_efficientnet_b0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tf_");
    }
}
