package org.generalvision.benchmark.cli;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.generalvision.benchmark.probe.LabelledFeatures;
import org.generalvision.benchmark.probe.LogisticRegression;
import org.generalvision.benchmark.probe.ProbeScores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv bench probe}: logistic regression on feature files. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = {
            "Fit a multinomial logistic regression to features and score it on a test set.",
            "The objective is C * sum(negative log likelihood) + 0.5 * ||W||^2, intercept free, in float64; features are"
                    + " taken as they are. Every test label must occur in the training file."
        })
final class ProbeCommand implements Callable<Integer> {
    @Option(
            names = "--train",
            required = true,
            paramLabel = "FILE",
            description = "Training features: a safetensors file with `features` [N,D] F32 and `labels` [N] I64.")
    private Path train;

    @Option(names = "--test", required = true, paramLabel = "FILE", description = "Test features, in the same form.")
    private Path test;

    @Option(names = "--c", defaultValue = "1.0", description = "Weight C of the data (default: ${DEFAULT-VALUE}).")
    private double c;

    @Option(names = "--json", description = "Print a JSON document.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** What is printed: rates as fractions, losses in nats, the objective over the training file. */
    private record Report(double accuracy, double meanPerClass, double logLoss, double objective, double c) {}

    @Override
    public Integer call() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            LabelledFeatures trainSet = LabelledFeatures.read(train, manager);
            LabelledFeatures testSet = LabelledFeatures.read(test, manager);
            if (trainSet.width() != testSet.width()) {
                throw new IllegalArgumentException("%s has %d features per row, but %s has %d; they must be equal"
                        .formatted(train, trainSet.width(), test, testSet.width()));
            }
            LogisticRegression model = LogisticRegression.fit(trainSet, c);
            ProbeScores scores = ProbeScores.of(model.predict(testSet));
            print(new Report(scores.accuracy(), scores.meanPerClass(), scores.logLoss(), model.objective(), c));
            return 0;
        }
    }

    private void print(Report report) {
        if (json) {
            Json.print(spec, report);
        } else {
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "accuracy %.4f%nmean per class %.4f%nlog loss %.4f nats%nobjective %.6f (C = %s)%n",
                            report.accuracy(),
                            report.meanPerClass(),
                            report.logLoss(),
                            report.objective(),
                            report.c());
        }
    }
}
