package org.generalvision.metanet.cli;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Precision;
import org.generalvision.train.StageTiming;
import org.generalvision.zoo.ZooEntry;

/**
 * How long a network of the zoo takes on this machine, as the command prints it.
 *
 * @param batch number of pictures
 * @param rounds passes of which the median is given
 * @param threads of the engine
 * @param best the precision with the shorter pass forward and back
 */
record NetworkTiming(int batch, int rounds, int threads, String best, List<Measured> precisions) {
    private static final int SEED = 0;

    /** One precision. */
    record Measured(String precision, double forwardMillis, double backwardMillis, List<StageTiming.Stage> stages) {
        private static Measured of(Precision precision, StageTiming timing) {
            return new Measured(
                    precision.name().toLowerCase(Locale.ROOT),
                    timing.forwardMillis(),
                    timing.backwardMillis(),
                    timing.stages());
        }

        double millis() {
            return forwardMillis + backwardMillis;
        }
    }

    /** Measures a network with random weights on random pictures in float32 and in mixed precision. */
    static NetworkTiming of(ZooEntry entry, int classes, int resolution, int batch, int rounds) {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            manager.getEngine().setRandomSeed(SEED);
            Backbone network = entry.create(classes, resolution);
            network.initialize(manager, DataType.FLOAT32);
            // As the loader makes them: rows of channels-last pixels.
            NDArray pictures = manager.randomNormal(new Shape(batch, resolution, resolution, 3))
                    .transpose(0, 3, 1, 2);
            List<Measured> measured = Stream.of(Precision.values())
                    .map(p -> Measured.of(p, StageTiming.of(network, pictures, p, rounds)))
                    .toList();
            String best = measured.stream()
                    .min(Comparator.comparingDouble(Measured::millis))
                    .orElseThrow()
                    .precision();
            int threads = Integer.getInteger(
                    "ai.djl.pytorch.num_threads", Runtime.getRuntime().availableProcessors());
            return new NetworkTiming(batch, rounds, threads, best, measured);
        }
    }
}
