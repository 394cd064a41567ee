package org.generalvision.search;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One way of searching with one seed, and its trials.
 *
 * @param trials in their order; fewer than wanted while it is under way
 */
public record Arm(Method method, long seed, List<Trial> trials) {
    /** A way of searching. */
    public enum Method {
        PPO,
        RANDOM,
        EVOLUTION;

        /** As it is called in files. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The one of this label.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Method parse(String label) {
            return Arrays.stream(values())
                    .filter(method -> method.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "A way of searching is ppo, random or evolution, not: " + label));
        }

        /** For people. */
        public String words() {
            return switch (this) {
                case PPO -> "PPO";
                case RANDOM -> "random search";
                case EVOLUTION -> "regularized evolution";
            };
        }
    }

    public Arm {
        trials = List.copyOf(trials);
    }

    /** Name of its folder in the run directory, such as {@code ppo-1}. */
    public static String folder(Method method, long seed) {
        return method.label() + "-" + seed;
    }

    public String name() {
        return folder(method, seed);
    }
}
