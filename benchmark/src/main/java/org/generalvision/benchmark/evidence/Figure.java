package org.generalvision.benchmark.evidence;

import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.generalvision.benchmark.stage.Training;
import org.generalvision.benchmark.stage.Trainings;

/** A number for each seed. */
sealed interface Figure {
    /** The trainings of a seed that it is read from. */
    Stream<Training> trainings(long seed);

    /** The number; NaN where a training did not measure it. */
    double of(long seed, Trainings trainings);

    /**
     * A figure of the last evaluation of a training.
     *
     * @param training of a seed
     * @param metric its name
     */
    record Measured(LongFunction<Training> training, String metric) implements Figure {
        @Override
        public Stream<Training> trainings(long seed) {
            return Stream.of(training.apply(seed));
        }

        @Override
        public double of(long seed, Trainings trainings) {
            return trainings
                    .done(training.apply(seed))
                    .checkpoint()
                    .evaluation()
                    .getOrDefault(metric, Double.NaN);
        }
    }

    /** What one has more than the other, seed by seed. */
    record Difference(Figure one, Figure other) implements Figure {
        @Override
        public Stream<Training> trainings(long seed) {
            return Stream.concat(one.trainings(seed), other.trainings(seed));
        }

        @Override
        public double of(long seed, Trainings trainings) {
            return one.of(seed, trainings) - other.of(seed, trainings);
        }
    }
}
