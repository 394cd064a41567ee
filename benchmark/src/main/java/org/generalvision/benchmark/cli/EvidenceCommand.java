package org.generalvision.benchmark.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.generalvision.benchmark.evidence.Evidence;
import org.generalvision.metanet.cli.StopSignals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv evidence}: trains the desk recipes with several seeds and writes the tables that documents quote. */
@Command(
        name = "evidence",
        mixinStandardHelpOptions = true,
        description = {
            "Trains the desk recipes with several seeds and writes tables of what they reach, with 95 %% intervals.",
            "Everything takes hours; a study alone less. What is complete is not done again."
        },
        footer = {
            "",
            "Example: gv evidence --study terms --seeds 1,2,3",
            "Ctrl-C or SIGTERM saves and ends (130, 143); the same command goes on where it ended."
        })
public final class EvidenceCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything.
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "KEY=VALUE",
            description = "Other values for keys of every recipe, such as train.steps=20.")
    private List<String> overrides = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs/evidence",
            description = "Where everything is written (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--study",
            paramLabel = "NAME",
            split = ",",
            completionCandidates = Names.class,
            description = "Only these studies: ${COMPLETION-CANDIDATES}.")
    private List<String> studies = List.of();

    @Option(names = "--seeds", paramLabel = "SEED", split = ",", description = "Seeds (default: 1,2,3).")
    private List<Long> seeds = List.of(1L, 2L, 3L);

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many trainings at a time, each in a process of its own and with its share of the cores"
                    + " (default: one per core, at most 4).")
    private int jobs = Math.min(4, Runtime.getRuntime().availableProcessors());

    @Option(names = "--plan", description = "Only list the trainings.")
    private boolean plan;

    /** What may be asked for. */
    private static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Evidence.studies().iterator();
        }
    }

    @Override
    public Integer call() {
        PrintWriter result = spec.commandLine().getOut();
        try (StopSignals signals = StopSignals.listen()) {
            Evidence evidence = Evidence.of(
                    out,
                    studies,
                    seeds,
                    overrides,
                    jobs,
                    line -> {
                        result.println(line);
                        result.flush();
                    },
                    signals.request());
            if (plan) {
                evidence.plan().forEach(result::println);
                result.flush();
                return 0;
            }
            boolean done = evidence.run();
            result.println("Page: " + out.resolve(Evidence.PAGE).toAbsolutePath());
            result.flush();
            return done ? 0 : signals.exitStatus();
        }
    }
}
