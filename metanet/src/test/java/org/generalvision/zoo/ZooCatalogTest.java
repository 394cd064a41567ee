package org.generalvision.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Objects;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Cost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ZooCatalogTest {

    // Parameters with 1000 classes as torchvision publishes them; multiply-adds at 224 px. CLIP's image network has
    // 102,007,137 (the whole released RN50) less 63,690,241 (its text tower and temperature) parameters;
    // asking with the pooled token alone saves 0.31 G of the 6.11 G that open_clip's model profile gives.
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "resnet18, 11689512, 1.814",
        "resnet34, 21797672, 3.664",
        "resnet50, 25557032, 4.089",
        "resnet101, 44549160, 7.801",
        "resnet152, 60192808, 11.514",
        "clip-resnet50, 38316896, 5.793",
        "mobilenetv2-0.75, 2636424, 0.209",
        "mobilenetv2, 3504872, 0.301",
        "efficientnet-b0, 5288548, 0.386",
        "efficientnet-b3, 12233232, 0.963",
        "efficientnet-b5, 30389784, 2.357",
        "vit-t16, 5717416, 1.254",
        "vit-s16, 22050664, 4.599",
        "vit-b16, 86567656, 17.564",
        "vit-b32, 88224232, 4.409",
        "vit-l16, 304326632, 61.555",
        "swin-t, 28288354, 4.491",
        "swin-s, 49606258, 8.741",
        "convnext-t, 28589128, 4.456",
        "mixer-b16, 59880472, 12.602",
        "mn-b4, 31705992, 3.168",
        "mn-b15, 1003706020, 137.72"
    })
    void countsAreThePublishedOnes(String name, long parameters, double gmacs) {
        ZooEntry entry = ZooCatalog.entry(name);
        Cost cost = Cost.of(ZooCatalog.create(name, entry.classes(), 224), new Shape(1, 3, 224, 224));
        assertThat(cost.parameters()).isEqualTo(parameters);
        assertThat(cost.macs() / 1e9).isCloseTo(gmacs, within(0.005));
    }

    // Sizes as in Sense-X/UniNet's comments, to the unit; multiply-adds of convolutions, linear maps and attention
    // products.
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "uninet-b0, 160, 11450864, 0.544",
        "uninet-b1, 224, 11450864, 1.095",
        "uninet-b2, 256, 16211472, 2.114",
        "uninet-b3, 288, 24020184, 4.186",
        "uninet-b4, 320, 43796288, 9.296",
        "uninet-b5, 384, 72883072, 20.190",
        "uninet-b6, 448, 116687344, 50.507"
    })
    void uniNetsHaveThePublishedSizesAtTheirResolutions(String name, int resolution, long parameters, double gmacs) {
        ZooEntry entry = ZooCatalog.entry(name);
        assertThat(entry.resolution()).isEqualTo(resolution);
        Cost cost = Cost.of(entry.create(), new Shape(1, 3, resolution, resolution));
        assertThat(cost.parameters()).isEqualTo(parameters);
        assertThat(cost.macs() / 1e9).isCloseTo(gmacs, within(0.001));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.generalvision.zoo.ZooCatalog#names")
    void everyNetworkAccountsForAllItsParametersByStage(String name) {
        Cost cost = Cost.of(ZooCatalog.create(name, 7, 64), new Shape(1, 3, 64, 64));
        assertThat(cost.stages().stream().mapToLong(Cost.Stage::parameters).sum())
                .isEqualTo(cost.parameters());
        assertThat(cost.stages().stream().mapToLong(Cost.Stage::macs).sum()).isEqualTo(cost.macs());
        assertThat(cost.output()).isEqualTo(new Shape(1, 7));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.generalvision.zoo.ZooCatalog#names")
    void everyNetworkHasMapsOfTheStridesThatDenseHeadsRead(String name) {
        Map<String, Shape> taps = Cost.taps(ZooCatalog.create(name, 0, 96), new Shape(2, 3, 96, 96));
        for (int stride = 4; stride <= 32; stride *= 2) {
            Shape map = Objects.requireNonNull(taps.get("stride" + stride), "stride" + stride);
            assertThat(map.dimension()).isEqualTo(4);
            assertThat(map.get(0)).isEqualTo(2);
            assertThat(map.get(1)).isPositive();
            assertThat(map.slice(2)).isEqualTo(new Shape(96 / stride, 96 / stride));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.generalvision.zoo.ZooCatalog#names")
    void withoutClassesTheResultIsTheFeature(String name) {
        Backbone network = ZooCatalog.create(name, 0, 64);
        assertThat(Cost.of(network, new Shape(2, 3, 64, 64)).output()).isEqualTo(new Shape(2, network.featureWidth()));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "ResNet-50, resnet50",
        "resnet_50, resnet50",
        "MN-B4, mn-b4",
        "mnb4, mn-b4",
        "MetaNet-B15, mn-b15",
        "CLIP-RN50, clip-resnet50",
        "clip_resnet50, clip-resnet50",
        "UniNet_B1, uninet-b1",
        "mobilenet_v2, mobilenetv2",
        "mobilenetv2_100, mobilenetv2",
        "efficientnet_b0, efficientnet-b0",
        "vit_b_16, vit-b16",
        "vit_base_patch16_224, vit-b16",
        "swin_tiny_patch4_window7_224, swin-t",
        "ConvNeXt-Tiny, convnext-t",
        "mixer_b16_224, mixer-b16"
    })
    void usualSpellingsAreUnderstood(String spelling, String name) {
        assertThat(ZooCatalog.entry(spelling).name()).isEqualTo(name);
    }

    @Test
    void anUnknownNameIsRefusedWithTheClosestOnes() {
        assertThatThrownBy(() -> ZooCatalog.create("resnet51", 10, 224))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'resnet51'")
                .hasMessageContaining("resnet50");
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> ZooCatalog.create("resnet18", -1, 224))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> ZooCatalog.create("clip-resnet50", 10, 16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16");
    }
}
