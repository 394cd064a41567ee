package org.generalvision.upstream.generalist;

import java.nio.file.Path;
import org.generalvision.train.Checkpoint;

/**
 * The least that a generalist must reach in a task: an expert's figure less a margin.
 *
 * @param dataSet of the generalist
 * @param metric one of the data set's figures, such as {@code top1}
 * @param largerIsBetter which way the metric is read
 * @param expert what it is compared with
 * @param margin how much worse than the expert it may be, at least 0
 */
public record Gate(String dataSet, String metric, boolean largerIsBetter, Reference expert, double margin) {
    public Gate {
        if (!(margin >= 0) || Double.isInfinite(margin)) {
            throw new IllegalArgumentException("margin must be at least 0: " + margin);
        }
    }

    /** An expert's figure. */
    public sealed interface Reference {
        /**
         * The figure.
         *
         * @throws IllegalArgumentException if there is none
         */
        double value();
    }

    /** A number. */
    public record Figure(double value) implements Reference {
        public Figure {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("value must be a finite number: " + value);
            }
        }
    }

    /**
     * From a run.
     *
     * @param checkpoint of the expert, or its run directory for the newest one
     * @param figure name of the figure, such as {@code scenes/boxAp}
     */
    public record Run(Path checkpoint, String figure) implements Reference {
        @Override
        public double value() {
            Checkpoint opened = Checkpoint.open(checkpoint);
            Double value = opened.evaluation().get(figure);
            if (value == null) {
                throw new IllegalArgumentException("The evaluation of %s has no figure %s, only %s"
                        .formatted(opened.path(), figure, opened.evaluation().keySet()));
            }
            return value;
        }
    }

    /** Name of the figure in an evaluation of the generalist. */
    String figure() {
        return dataSet + "/" + metric;
    }
}
