package org.generalvision.benchmark.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.generalvision.benchmark.quickstart.Quickstart;
import org.generalvision.metanet.cli.StopSignals;
import org.generalvision.metanet.cli.TrainProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv quickstart}: the main job on the pictures that come with the project. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = "Pretrains, benchmarks and reports on the shipped pictures, without network.",
        footer = {"", "Ctrl-C or SIGTERM saves and ends (130, 143); the same command goes on where it ended."})
public final class QuickstartCommand implements Callable<Integer> {
    /** A few steps: every path is taken, and the figures mean nothing. */
    private static final List<String> SHORT =
            List.of("train.steps=20", "train.logEvery=5", "train.evaluateEvery=20", "train.saveEvery=20");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything.
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs/quickstart",
            description = "Where everything is written (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(names = "--short", description = "Only 20 steps of each training: shows that all works, measures nothing.")
    private boolean brief;

    @Override
    public Integer call() {
        PrintWriter result = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        try (StopSignals signals = StopSignals.listen()) {
            Quickstart quickstart = new Quickstart(
                    out,
                    brief ? SHORT : List.of(),
                    TrainProgress::onStandardError,
                    line -> {
                        progress.println(line);
                        progress.flush();
                    },
                    signals.request(),
                    engineThreads());
            String lead = quickstart.run();
            if (lead.isEmpty()) {
                progress.println("Stopped; the same command goes on.");
                return signals.exitStatus();
            }
            result.println(lead);
            result.println("Page: " + out.resolve("report.html").toAbsolutePath());
            result.flush();
            return 0;
        }
    }

    /** All cores unless the user has chosen: loading pictures this small takes little. */
    private static int engineThreads() {
        return System.getenv("GV_THREADS") == null ? Runtime.getRuntime().availableProcessors() : 0;
    }
}
