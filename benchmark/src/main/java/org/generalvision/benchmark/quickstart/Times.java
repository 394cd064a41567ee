package org.generalvision.benchmark.quickstart;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.generalvision.weights.DurableFile;

/** Seconds that each stage took, added up over interruptions, in {@code times.json}. */
final class Times {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    Times(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            try {
                seconds.putAll(JSON.readValue(file.toFile(), new TypeReference<LinkedHashMap<String, Double>>() {}));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + file + "; remove it to go on", e);
            }
        }
    }

    /** Does something and adds its seconds to those of the stage, however it ends. */
    <T> T measure(String stage, Supplier<T> work) {
        long begin = System.nanoTime();
        try {
            return work.get();
        } finally {
            seconds.merge(stage, (System.nanoTime() - begin) / 1e9, Double::sum);
            write();
        }
    }

    private void write() {
        try {
            DurableFile.write(file, JSON.writeValueAsString(seconds));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    /** Seconds by stage, in the order in which stages began. */
    Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }
}
