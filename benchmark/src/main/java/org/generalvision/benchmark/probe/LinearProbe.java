package org.generalvision.benchmark.probe;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.generalvision.benchmark.probe.TrainingFeatures.Form;
import org.generalvision.benchmark.split.PercentageSplit;
import org.generalvision.metric.Predictions;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of a percentage-shot linear probe: a quarter of the training share, stratified, chooses C by its log loss; then
 * the whole share is fitted with that C. The test set takes no part in the choice.
 *
 * <p>C is swept upwards in decades, from features that hardly count to features that count much: the unit of C is the
 * inverse of the features' variance, so that the sweep means the same for all features. Each fit starts at the one before, and
 * the sweep ends when the log loss has become worse, since more freedom then only overfits more. The fits of the sweep are
 * rough and in float32; the last one is in float64 and certainly near its minimum.
 *
 * @param seed chooses the validation part
 * @param form what is known of the features' columns
 */
public record LinearProbe(long seed, Form form) {
    private static final double VALIDATION = 0.25;
    private static final int FIRST_DECADE = -2;
    private static final int LAST_DECADE = 5;
    private static final int PATIENCE = 1;

    /** Far below what validation can tell apart. */
    private static final double SWEEP_TOLERANCE = 1e-4;

    private static final double REFIT_TOLERANCE = 1e-5;

    /** A probe of features of which nothing is known. */
    public LinearProbe(long seed) {
        this(seed, Form.ANY);
    }

    /** One C and its mean log loss on the validation part. */
    public record Candidate(double c, double logLoss) {}

    /**
     * A fitted probe.
     *
     * @param sweep what was tried; empty if no class has two rows, so that there is nothing to validate on
     */
    public record Result(LogisticRegression model, List<Candidate> sweep) {
        public Result {
            sweep = List.copyOf(sweep);
        }

        /** The model's predictions for a test set. */
        public Predictions predict(LabelledFeatures test) {
            return model.predict(test);
        }
    }

    /** Chooses C and fits. */
    public Result fit(LabelledFeatures train) {
        Sweep sweep = sweep(train);
        @Nullable LogisticRegression best = sweep.best();
        try (TrainingFeatures whole = TrainingFeatures.of(train, form, DataType.FLOAT64)) {
            double c = best == null ? 1 / whole.variance() : best.c();
            return new Result(whole.fit(c, best, REFIT_TOLERANCE), sweep.tried());
        }
    }

    /** What was tried, and the model with the lowest log loss: null if there was nothing to validate on. */
    private record Sweep(List<Candidate> tried, @Nullable LogisticRegression best) {}

    private Sweep sweep(LabelledFeatures train) {
        int[] validationRows = validationRows(train);
        if (validationRows.length == 0) {
            return new Sweep(List.of(), null);
        }
        Set<Integer> heldOut = new TreeSet<>();
        IntStream.of(validationRows).forEach(heldOut::add);
        int[] rest = IntStream.range(0, train.size())
                .filter(row -> !heldOut.contains(row))
                .toArray();
        try (NDManager scratch = train.features().getManager().newSubManager();
                TrainingFeatures part = TrainingFeatures.of(train.rows(rest, scratch), form, DataType.FLOAT32)) {
            return sweep(part, train.rows(validationRows, scratch));
        }
    }

    private static Sweep sweep(TrainingFeatures part, LabelledFeatures validation) {
        List<Candidate> tried = new ArrayList<>();
        @Nullable LogisticRegression model = null;
        @Nullable LogisticRegression best = null;
        double lowest = Double.POSITIVE_INFINITY;
        int worse = 0;
        for (int k = FIRST_DECADE; k <= LAST_DECADE && worse < PATIENCE; k++) {
            double c = Math.pow(10, k) / part.variance();
            model = part.fitRoughly(c, model, SWEEP_TOLERANCE);
            double logLoss = ProbeScores.of(model.predict(validation)).logLoss();
            tried.add(new Candidate(c, logLoss));
            worse = logLoss < lowest ? 0 : worse + 1;
            best = logLoss < lowest ? model : best;
            lowest = Math.min(lowest, logLoss);
        }
        return new Sweep(tried, best);
    }

    /** A stratified quarter; classes of a single row give none, so that every class stays in training. */
    private int[] validationRows(LabelledFeatures train) {
        Map<Long, Long> counts = Arrays.stream(train.labels().toArray())
                .boxed()
                .collect(Collectors.groupingBy(l -> l, Collectors.counting()));
        int[] divisible = IntStream.range(0, train.size())
                .filter(row -> counts.getOrDefault(train.labels().get(row), 0L) > 1)
                .toArray();
        List<PercentageSplit.Item> items = IntStream.of(divisible)
                .mapToObj(row -> new PercentageSplit.Item(
                        Integer.toString(row), Long.toString(train.labels().get(row))))
                .toList();
        return IntStream.of(new PercentageSplit(VALIDATION, seed).select(items))
                .map(i -> divisible[i])
                .toArray();
    }
}
