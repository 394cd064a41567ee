package org.generalvision.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.generalvision.metric.RankCorrelation;

/**
 * Whether the proxy ranks candidates as longer training does.
 *
 * @param candidates those that were trained longer
 */
public record LongerTraining(List<Candidate> candidates) {
    /** File in the run directory. */
    public static final String FILE = "longer.jsonl";

    /**
     * A candidate's two accuracies, in [0, 1]; that of a longer training that failed is 0.
     *
     * @param proxy after the training of a trial
     * @param longer after the longer one
     */
    public record Candidate(Tokens tokens, String architecture, long macs, double proxy, double longer) {}

    public LongerTraining {
        candidates = List.copyOf(candidates);
    }

    /** What is in a run directory, if anything was trained longer. */
    public static Optional<LongerTraining> read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            return Optional.of(new LongerTraining(Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(line -> Json.read(line, Candidate.class, "a line of " + file))
                    .toList()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** Kendall's tau-b and Spearman's rho between the two. */
    public RankCorrelation correlation() {
        return RankCorrelation.of(
                candidates.stream().mapToDouble(Candidate::proxy).toArray(),
                candidates.stream().mapToDouble(Candidate::longer).toArray());
    }
}
