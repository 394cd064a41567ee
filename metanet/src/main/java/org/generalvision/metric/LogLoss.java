package org.generalvision.metric;

/** Mean negative log-likelihood of the right class under the softmax of the scores, in nats. */
public final class LogLoss {
    private LogLoss() {}

    /** At least 0; ln(classes) for scores that say nothing. */
    public static double of(Predictions predictions) {
        double sum = 0;
        for (int i = 0; i < predictions.size(); i++) {
            double largest = predictions.score(i, predictions.predicted(i));
            double exponentials = 0;
            for (int label = 0; label < predictions.classes(); label++) {
                exponentials += Math.exp(predictions.score(i, label) - largest);
            }
            sum += largest + Math.log(exponentials) - predictions.score(i, predictions.label(i));
        }
        return sum / predictions.size();
    }
}
