package org.generalvision.benchmark.probe;

import ai.djl.ndarray.NDManager;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.generalvision.weights.SafetensorsFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Features on disk, one safetensors file for each combination of weights, data and preprocessing, so that a backbone sees
 * each image once whatever the number of shares and seeds. A file that is damaged or belongs to another combination is
 * made again.
 *
 * @param folder where the files lie; made when needed
 */
public record FeatureCache(Path folder) {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureCache.class);

    /**
     * What features depend on.
     *
     * @param weights hash of the weights, with the name of the network
     * @param data hash of the data's manifest, with what was chosen of it
     * @param preprocessing decoding, resizing and normalization, in words that change when they do
     */
    public record Key(String weights, String data, String preprocessing) {
        /** SHA-256 over the three parts and their lengths, in hexadecimal. */
        public String hash() {
            var hasher = Hashing.sha256().newHasher();
            for (String part : new String[] {weights, data, preprocessing}) {
                hasher.putInt(part.length()).putString(part, StandardCharsets.UTF_8);
            }
            return hasher.hash().toString();
        }

        Map<String, String> metadata() {
            return Map.of("weights", weights, "data", data, "preprocessing", preprocessing);
        }
    }

    /**
     * Features from the cache; if they are not in it, they are computed and kept.
     *
     * @param owner of the features
     * @param compute makes the features in an array of {@code owner}
     */
    public LabelledFeatures get(Key key, NDManager owner, Supplier<LabelledFeatures> compute) {
        Path file = folder.resolve(key.hash() + ".safetensors");
        if (Files.exists(file)) {
            try {
                if (belongsTo(file, key)) {
                    return LabelledFeatures.read(file, owner);
                }
                LOG.warn("{} holds other features than its name says; they are computed again", file);
            } catch (IllegalArgumentException e) {
                LOG.warn("The cached features are damaged and are computed again: {}", e.getMessage());
            }
        }
        LabelledFeatures features = compute.get();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folder of the feature cache " + folder, e);
        }
        features.write(file, key.metadata());
        return features;
    }

    private static boolean belongsTo(Path file, Key key) {
        try (SafetensorsFile safetensors = SafetensorsFile.open(file)) {
            return safetensors.metadata().equals(key.metadata());
        }
    }
}
