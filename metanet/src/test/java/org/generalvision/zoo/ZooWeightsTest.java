package org.generalvision.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Backbone;
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
