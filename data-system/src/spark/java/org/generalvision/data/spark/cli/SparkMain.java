package org.generalvision.data.spark.cli;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.generalvision.data.cli.DataCommand;
import org.generalvision.data.source.BuildOrder;
import org.generalvision.data.source.ShardBuild;
import org.generalvision.data.spark.SparkEngine;
import picocli.CommandLine;

/**
 * {@code gv data build --engine spark} in a process that has Spark, and the main class for {@code spark-submit}. Arguments are those of
 * {@code gv data build}; the master is that of {@code spark-submit} or of the property {@code spark.master}, else all cores of this
 * machine.
 */
public final class SparkMain {
    private static final String MASTER = "spark.master";

    private SparkMain() {}

    /** Builds and ends the process with the exit status of {@code gv}. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine line = new CommandLine(new DataCommand(SparkMain::build));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            Throwable cause = rootOf(failure);
            command.getErr().println("gv: " + cause.getMessage());
            return cause instanceof IllegalArgumentException ? 2 : 1;
        });
        String[] whole = Stream.concat(Stream.of("build"), Stream.of(arguments)).toArray(String[]::new);
        return line.execute(whole);
    }

    private static ShardBuild.Result build(BuildOrder order, Path directory) {
        SparkConf settings = new SparkConf().setAppName("gv data build " + directory.getFileName());
        settings.setIfMissing(MASTER, "local[*]");
        settings.setIfMissing("spark.ui.enabled", "false");
        try (JavaSparkContext context = new JavaSparkContext(settings)) {
            return new SparkEngine(context).build(order, directory);
        }
    }

    /** What a task threw on an executor is what the user has to know; Spark wraps it. */
    private static Throwable rootOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof IllegalArgumentException)) {
            cause = cause.getCause();
        }
        return cause;
    }
}
