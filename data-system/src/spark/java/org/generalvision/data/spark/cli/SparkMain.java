package org.generalvision.data.spark.cli;

import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.generalvision.data.cli.Complaint;
import org.generalvision.data.cli.DataCommand;
import org.generalvision.data.curate.CurationEngine;
import org.generalvision.data.curate.CurationStep;
import org.generalvision.data.curate.Look;
import org.generalvision.data.curate.Scan;
import org.generalvision.data.curate.Twins;
import org.generalvision.data.source.BuildOrder;
import org.generalvision.data.source.ShardBuild;
import org.generalvision.data.spark.SparkCuration;
import org.generalvision.data.spark.SparkEngine;
import picocli.CommandLine;

/**
 * {@code gv data} with {@code --engine spark} in a process that has Spark, and the main class for {@code spark-submit}. Arguments are
 * those of {@code gv data}; the master is that of {@code spark-submit} or of the property {@code spark.master}, else all cores of this
 * machine.
 */
public final class SparkMain {
    private static final String MASTER = "spark.master";

    private SparkMain() {}

    /** Runs a command and ends the process with the exit status of {@code gv}. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine line = new CommandLine(new DataCommand(SparkMain::build, new Curation()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            Throwable cause = causeOf(failure);
            Complaint complaint = Complaint.of(cause);
            if (complaint.message() != null) {
                command.getErr().println("gv: " + complaint.message());
            } else {
                cause.printStackTrace(command.getErr());
            }
            return complaint.status();
        });
        return line.execute(arguments);
    }

    private static JavaSparkContext context(String work) {
        SparkConf settings = new SparkConf().setAppName("gv data: " + work);
        settings.setIfMissing(MASTER, "local[*]");
        settings.setIfMissing("spark.ui.enabled", "false");
        return new JavaSparkContext(settings);
    }

    private static ShardBuild.Result build(BuildOrder order, Path directory) {
        try (JavaSparkContext context = context("build " + directory.getFileName())) {
            return new SparkEngine(context).build(order, directory);
        }
    }

    /** Spark is started when the arguments have been read and the step has begun. */
    private static final class Curation implements CurationEngine {
        @Override
        public void scan(CurationStep step, Look look, Scan.Sink<byte[]> sink) {
            try (JavaSparkContext context = context("curate " + step.directory().getFileName())) {
                new SparkCuration(context).scan(step, look, sink);
            }
        }

        @Override
        public void twins(CurationStep step, Look look, Runnable progress, Twins.Sink sink) {
            try (JavaSparkContext context = context("curate " + step.directory().getFileName())) {
                new SparkCuration(context).twins(step, look, progress, sink);
            }
        }
    }

    /** What a task threw on an executor is what the user has to know; Spark wraps it. */
    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof SparkException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
