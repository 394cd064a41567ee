package org.generalvision.train;

import java.util.List;

/**
 * Parameters that are updated alike. A parameter belongs to the group if one of the patterns matches its path and none of
 * those that start with an exclamation mark does: {@code ["**", "!**.bias"]} is everything but the biases.
 *
 * @param patterns see {@link PathPattern}
 * @param learningRate multiplier of the optimizer's learning rate
 * @param weightDecay decay per step in units of the learning rate
 */
public record ParameterGroup(List<String> patterns, double learningRate, double weightDecay) {
    public ParameterGroup {
        Check.notNegative("group.learningRate", learningRate);
        Check.notNegative("group.weightDecay", weightDecay);
        patterns = List.copyOf(patterns);
        patterns.forEach(p -> PathPattern.of(p.startsWith("!") ? p.substring(1) : p));
        if (patterns.stream().allMatch(p -> p.startsWith("!"))) {
            throw new IllegalArgumentException(
                    "A parameter group needs a pattern without exclamation mark: " + patterns);
        }
    }

    /** Whether a parameter belongs to this group. */
    boolean holds(String path) {
        return patterns.stream()
                        .anyMatch(p -> !p.startsWith("!") && PathPattern.of(p).matches(path))
                && patterns.stream()
                        .noneMatch(p -> p.startsWith("!")
                                && PathPattern.of(p.substring(1)).matches(path));
    }
}
