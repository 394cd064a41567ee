package org.generalvision.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.generalvision.weights.SafetensorsFile;

/**
 * Compares a run that was disturbed with one that was not: weights, optimizer state, order of the data and metrics must be
 * the same to the byte.
 */
public final class ResumeProof {
    private ResumeProof() {}

    /**
     * What differs between two runs.
     *
     * @param what one line for each thing that differs, the first one first: weights, optimizer state, position and data
     *     order, metrics
     */
    public record Difference(List<String> what) {
        public Difference {
            what = List.copyOf(what);
        }

        /** Whether the two runs are the same. */
        public boolean none() {
            return what.isEmpty();
        }
    }

    /**
     * Compares the newest checkpoints and the metrics of two run directories.
     *
     * @throws IllegalArgumentException if one has no complete and undamaged checkpoint
     */
    public static Difference compare(Path undisturbed, Path disturbed) {
        Checkpoint a = Checkpoint.open(undisturbed);
        Checkpoint b = Checkpoint.open(disturbed);
        List<String> what = new ArrayList<>();
        if (a.step() != b.step()) {
            what.add("the last step: " + a.step() + " and " + b.step());
        }
        firstDifference(a.model(), b.model()).ifPresent(at -> what.add("weights: " + at));
        firstDifference(a.optimizer(), b.optimizer()).ifPresent(at -> what.add("optimizer state: " + at));
        compareState(a, b, what);
        firstDifference(undisturbed.resolve(MetricLog.METRICS), disturbed.resolve(MetricLog.METRICS))
                .ifPresent(at -> what.add("metrics: " + at));
        return new Difference(what);
    }

    private static void compareState(Checkpoint a, Checkpoint b, List<String> what) {
        JsonNode one = a.state();
        JsonNode other = b.state();
        one.properties().forEach(field -> {
            JsonNode there = other.path(field.getKey());
            if (!field.getValue().equals(there)) {
                String name = field.getKey().equals("dataOrder") ? "order of the data" : "state " + field.getKey();
                what.add(name + ": " + field.getValue() + " and " + there);
            }
        });
        if (one.size() != other.size()) {
            what.add("state: other fields");
        }
    }

    /** Where two files differ first, in words that name the tensor or the line; empty if they do not differ. */
    private static Optional<String> firstDifference(Path a, Path b) {
        try {
            long at = Files.mismatch(a, b);
            if (at < 0) {
                return Optional.empty();
            }
            String where = a.endsWith(MetricLog.METRICS) ? line(a, at) : tensor(a, at);
            return Optional.of(where + "; " + a + " and " + b + " differ from byte " + at);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot compare " + a + " and " + b + ": " + e.getMessage(), e);
        }
    }

    private static String line(Path file, long offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        long line = 1;
        for (int i = 0; i < Math.min(offset, bytes.length); i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return "line " + line;
    }

    private static String tensor(Path file, long offset) {
        try (SafetensorsFile safetensors = SafetensorsFile.open(file)) {
            return safetensors.at(offset).map(info -> "tensor " + info.name()).orElse("the header");
        }
    }
}
