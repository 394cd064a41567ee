package org.generalvision.train;

import ai.djl.engine.Engine;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where a checkpoint comes from: hashes of its files and of its recipe, versions, machine, and what the caller adds. */
final class Provenance {
    private Provenance() {}

    /**
     * The content of {@code provenance.json}.
     *
     * @param facts what the caller knows: hashes of data manifests, the source revision
     * @param hashes SHA-256 of each file of the checkpoint by name
     */
    static SortedMap<String, Object> of(String recipe, Map<String, String> facts, Map<String, String> hashes) {
        Engine engine = Engine.getEngine("PyTorch");
        SortedMap<String, Object> provenance = new TreeMap<>();
        provenance.put("sha256", new TreeMap<>(hashes));
        provenance.put("facts", new TreeMap<>(facts));
        provenance.put(
                "recipe",
                Hashing.sha256().hashString(recipe, StandardCharsets.UTF_8).toString());
        provenance.put("engine", engine.getEngineName() + " " + engine.getVersion());
        provenance.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        provenance.put(
                "system",
                "%s %s, %d processors"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.arch"),
                                Runtime.getRuntime().availableProcessors()));
        return provenance;
    }
}
