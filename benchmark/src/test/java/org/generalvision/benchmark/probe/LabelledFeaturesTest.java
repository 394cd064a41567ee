package org.generalvision.benchmark.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelledFeaturesTest {
    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() {
        manager.close();
    }

    private static final FeatureCache.Key KEY = new FeatureCache.Key("weights", "data", "48 px");

    @Test
    void aFileHoldsWhatWasWritten() {
        LabelledFeatures features = Samples.random(manager, 20, 3, 4, 1);
        Path file = folder.resolve("features.safetensors");
        features.write(file, Map.of());
        LabelledFeatures read = LabelledFeatures.read(file, manager);
        assertThat(read.features().toFloatArray()).isEqualTo(features.features().toFloatArray());
        assertThat(read.labels()).isEqualTo(features.labels());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesFeaturesThatAreNotFinite(float value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelledFeatures(
                        manager.create(new float[] {1, 2, 3, 4, 5, value}, new Shape(3, 2)),
                        ImmutableLongArray.of(0, 1, 0)))
                .withMessageContaining("row 2, column 1");
    }

    @Test
    void refusesNegativeLabelsByTheirRow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelledFeatures(manager.ones(new Shape(2, 2)), ImmutableLongArray.of(0, -3)))
                .withMessageContaining("label 1 is -3");
    }

    @Test
    void refusesOtherNumbersOfLabelsThanRows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelledFeatures(manager.ones(new Shape(3, 2)), ImmutableLongArray.of(0, 1)))
                .withMessageContaining("3 rows")
                .withMessageContaining("2 labels");
    }

    @Test
    void theCacheComputesOncePerKey() {
        FeatureCache cache = new FeatureCache(folder.resolve("cache"));
        AtomicInteger computed = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            cache.get(KEY, manager, () -> {
                computed.incrementAndGet();
                return Samples.random(manager, 20, 3, 4, 1);
            });
        }
        assertThat(computed).hasValue(1);
        cache.get(new FeatureCache.Key("weights", "data", "64 px"), manager, () -> {
            computed.incrementAndGet();
            return Samples.random(manager, 20, 3, 4, 2);
        });
        assertThat(computed).hasValue(2);
    }

    @Test
    void aDamagedCacheFileIsComputedAgain() throws IOException {
        FeatureCache cache = new FeatureCache(folder);
        LabelledFeatures features = Samples.random(manager, 20, 3, 4, 1);
        cache.get(KEY, manager, () -> features);
        Path file = folder.resolve(KEY.hash() + ".safetensors");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        LabelledFeatures read = cache.get(KEY, manager, () -> features);
        assertThat(read.features().toFloatArray()).isEqualTo(features.features().toFloatArray());
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void partsOfAKeyCannotRunTogether() {
        assertThat(new FeatureCache.Key("ab", "c", "").hash()).isNotEqualTo(new FeatureCache.Key("a", "bc", "").hash());
    }
}
