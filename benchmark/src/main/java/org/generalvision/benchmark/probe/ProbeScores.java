package org.generalvision.benchmark.probe;

import org.generalvision.metric.LogLoss;
import org.generalvision.metric.MeanPerClassAccuracy;
import org.generalvision.metric.Predictions;
import org.generalvision.metric.TopOneAccuracy;

/**
 * Figures of a probe on a test set.
 *
 * @param accuracy share of rows whose most probable class is the right one
 * @param meanPerClass mean over the classes of the test set of the share of their rows that are right
 * @param logLoss mean negative log probability of the right class, in nats
 */
public record ProbeScores(double accuracy, double meanPerClass, double logLoss) {
    /** The figures of some predictions. */
    public static ProbeScores of(Predictions predictions) {
        return new ProbeScores(
                TopOneAccuracy.of(predictions), MeanPerClassAccuracy.of(predictions), LogLoss.of(predictions));
    }
}
