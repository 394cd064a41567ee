package org.generalvision.metanet.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.generalvision.recipe.Recipe;
import org.generalvision.search.Arm;
import org.generalvision.search.EvaluationWorker;
import org.generalvision.search.FitnessTable;
import org.generalvision.search.SearchConfig;
import org.generalvision.search.SearchLock;
import org.generalvision.search.SearchSummary;
import org.generalvision.search.proxy.ProxyEvaluator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv search}: reads the recipe, applies overrides, and searches in a run directory, or helps a search that is there. */
@Command(
        name = "search",
        mixinStandardHelpOptions = true,
        description = "Searches for networks as a recipe says: PPO over architectures, each trained for a short time.",
        footer = {
            "",
            "Example: gv search search-desk --controls --workers 2",
            "         gv search search-desk search.trials=40 --run-dir runs/short",
            "         gv search search-desk --trial ppo-1/17",
            "         gv search search-desk --replay metanet/search/search-desk.jsonl",
            "The run directory holds search.html, renewed while the search goes on, and a journal of every trial for each way of",
            "searching. Ctrl-C or SIGTERM ends with status 130 or 143; the same command with --resume goes on exactly there."
        })
public final class SearchCommand implements Callable<Integer> {
    private final String mainClass;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything.
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private RecipeArguments arguments;

    @Option(names = "--resume", description = "Go on with the search in the run directory.")
    private boolean resume;

    @Option(
            names = "--controls",
            description = "Search by random draws and by regularized evolution as well, with as many trials each.")
    private boolean controls;

    @Option(
            names = "--methods",
            paramLabel = "METHOD",
            split = ",",
            description = "Ways of searching: ppo, random, evolution (default: ppo; --controls stands for all).")
    private List<String> methods = List.of();

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Processes that train candidates, this one among them (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int workers;

    @ArgGroup
    private @Nullable Instead instead;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    @Option(
            names = "--table",
            paramLabel = "FILE",
            description = "Also write what every candidate reached, as a table for --replay.")
    private @Nullable Path table;

    @Option(
            names = "--seeds",
            paramLabel = "FIRST-LAST",
            description = "Seeds of a replay (default: ${DEFAULT-VALUE}).",
            defaultValue = "1-50")
    @SuppressWarnings("NullAway.Init")
    private String seeds;

    /** What may be done instead of a search. */
    private static final class Instead {
        @Option(
                names = "--worker",
                description =
                        "Only train candidates for the search that is under way in the run directory, until it ends.")
        private boolean worker;

        @Option(
                names = "--trial",
                paramLabel = "[SEARCH/]N",
                description = "Only make trial N of a search again, such as ppo-1/17, and compare it with the journal"
                        + " (default search: PPO with the first seed). Status 1 if they differ.")
        private @Nullable String trial;

        @Option(
                names = "--replay",
                paramLabel = "TABLE",
                description =
                        "Train nothing: compare PPO, random search and evolution with many seeds on a table of trained"
                                + " candidates, and write replay.html.")
        private @Nullable Path replay;
    }

    /**
     * A command.
     *
     * @param mainClass the program's, which workers are started with
     */
    public SearchCommand(String mainClass) {
        this.mainClass = mainClass;
    }

    @Override
    public Integer call() {
        Recipe resolved = arguments.resolved();
        Path directory = arguments.runDirectory(resolved);
        if (workers < 1 || workers > 256) {
            throw new IllegalArgumentException("--workers must lie in [1, 256]: " + workers);
        }
        try (StopSignals signals = StopSignals.listen()) {
            SearchRun run = new SearchRun(resolved, directory, arguments.cache(), signals.request());
            try {
                if (instead != null && instead.worker) {
                    return work(run, directory, signals);
                }
                if (instead != null && instead.trial != null) {
                    return TrialRepeat.of(instead.trial, run)
                            .run(spec.commandLine().getOut(), json);
                }
                if (instead != null && instead.replay != null) {
                    return new ReplayRun(resolved, directory, arguments.cache(), signals.request())
                            .run(instead.replay, seeds, spec.commandLine().getOut(), json);
                }
                return search(run, directory);
            } catch (CancellationException e) {
                spec.commandLine().getErr().println("gv: " + e.getMessage() + "; --resume goes on");
                return signals.exitStatus();
            }
        }
    }

    private int search(SearchRun run, Path directory) {
        run.requireFits(resume);
        List<Arm.Method> wanted = methods();
        SearchConfig config = run.typed().search();
        int total = wanted.size() * config.seeds().size() * config.trials();
        SearchProgress progress = new SearchProgress(
                total, config.reward().cost(), System.err, TrainProgress.terminal(), System::nanoTime);
        try {
            SearchSummary summary = run.run(wanted, () -> startWorkers(directory), progress);
            if (table != null) {
                int candidates = FitnessTable.write(table, run.arms());
                progress.note("wrote %d candidates to %s".formatted(candidates, table));
            }
            print(summary, directory);
            return 0;
        } finally {
            progress.end();
        }
    }

    private List<Arm.Method> methods() {
        if (controls) {
            return List.of(Arm.Method.values());
        }
        return methods.isEmpty()
                ? List.of(Arm.Method.PPO)
                : methods.stream().map(Arm.Method::parse).distinct().toList();
    }

    private WorkerProcesses startWorkers(Path directory) {
        List<String> command = new ArrayList<>(
                List.of("search", directory.resolve(SearchRun.RECIPE).toString(), "--worker"));
        command.addAll(List.of(
                "--run-dir", directory.toString(), "--cache", arguments.cache().toString()));
        return WorkerProcesses.start(workers - 1, mainClass, command, directory);
    }

    private int work(SearchRun run, Path directory, StopSignals signals) {
        if (!SearchLock.isHeld(directory)) {
            throw new IllegalArgumentException("No search is under way in %s; start one first".formatted(directory));
        }
        try (ProxyEvaluator evaluator = run.evaluator(directory)) {
            int made = new EvaluationWorker(directory, evaluator, signals.request())
                    .run(() -> SearchLock.isHeld(directory));
            spec.commandLine().getErr().println("gv: the search has ended; trained " + made + " candidates for it");
            return 0;
        }
    }

    private void print(SearchSummary summary, Path directory) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.document(summary));
        } else {
            new SearchText(summary).print(out);
            out.println(directory.resolve(SearchRun.PAGE));
        }
        out.flush();
    }
}
