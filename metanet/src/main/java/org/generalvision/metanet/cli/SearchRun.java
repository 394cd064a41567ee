package org.generalvision.metanet.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.generalvision.recipe.Recipe;
import org.generalvision.search.Arm;
import org.generalvision.search.LongerTraining;
import org.generalvision.search.Search;
import org.generalvision.search.SearchLock;
import org.generalvision.search.SearchSummary;
import org.generalvision.search.SearchWatch;
import org.generalvision.search.Trial;
import org.generalvision.search.page.SearchPage;
import org.generalvision.search.proxy.ProxyEvaluator;
import org.generalvision.search.proxy.SearchRecipe;
import org.generalvision.train.StopRequest;
import org.generalvision.weights.DurableFile;

/** One search in its run directory, from the recipe to the page. */
final class SearchRun {
    static final String RECIPE = "recipe.yaml";
    static final String PAGE = "search.html";

    private static final long PAGE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Recipe recipe;
    private final SearchRecipe typed;
    private final Path directory;
    private final Path cache;
    private final StopRequest stop;

    /**
     * A search.
     *
     * @param directory run directory
     * @param cache where data is unpacked before use
     */
    SearchRun(Recipe recipe, Path directory, Path cache, StopRequest stop) {
        this.recipe = recipe;
        typed = recipe.as(SearchRecipe.class);
        this.directory = directory;
        this.cache = cache;
        this.stop = stop;
    }

    SearchRecipe typed() {
        return typed;
    }

    /**
     * Refuses a directory that does not fit what is wanted.
     *
     * @param resume whether a search that was begun there goes on
     * @throws IllegalArgumentException if it holds a search that is not to be resumed, none that is, or one of another recipe
     */
    void requireFits(boolean resume) {
        Path file = directory.resolve(RECIPE);
        if (Files.exists(file) && !resume) {
            throw new IllegalArgumentException(
                    "%s holds a search already; use --resume to go on with it, or another --run-dir"
                            .formatted(directory));
        }
        try {
            if (resume && !Files.readString(file, StandardCharsets.UTF_8).equals(recipe.text())) {
                throw new IllegalArgumentException(
                        "%s holds a search of another recipe or other values (see %s); use another --run-dir, or go on with"
                                        .formatted(directory, file)
                                + " gv search %s --run-dir %s --resume".formatted(file, directory));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("There is no search to go on with in " + directory, e);
        }
    }

    /**
     * Searches and writes the page, also when asked to stop.
     *
     * @throws java.util.concurrent.CancellationException if asked to stop
     */
    SearchSummary run(List<Arm.Method> methods, WorkerStart workers, SearchProgress progress) {
        WorkerProcesses helpers = WorkerProcesses.none();
        try (SearchLock lock = SearchLock.acquire(directory);
                ProxyEvaluator evaluator = evaluator(directory)) {
            DurableFile.write(lock.directory().resolve(RECIPE), recipe.text());
            helpers = workers.start();
            SearchSummary summary = search(methods, evaluator, new Watch(progress, helpers));
            writePage();
            return summary;
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(
                    "%s. The journals in %s are whole; once that is mended, --resume goes on"
                            .formatted(e.getMessage(), directory),
                    e.getCause());
        } catch (CancellationException e) {
            writePage();
            throw e;
        } finally {
            helpers.close(); // after the lock, by which they see the end
        }
    }

    /** Starts the processes that help, once there is a search to help. */
    interface WorkerStart {
        WorkerProcesses start();
    }

    /** The search of the run directory. */
    Search search(ProxyEvaluator evaluator, SearchWatch watch) {
        return new Search(
                typed.search(), evaluator.space(), evaluator, new Search.Place(directory, recipe.text(), stop, watch));
    }

    private SearchSummary search(List<Arm.Method> methods, ProxyEvaluator evaluator, SearchWatch watch) {
        Search search = search(evaluator, watch);
        List<Arm> arms = new ArrayList<>();
        for (Arm.Method method : methods) {
            arms.addAll(search.run(method));
        }
        return SearchSummary.of(arms, typed.search().reward().cost(), search.trainLonger(arms));
    }

    ProxyEvaluator evaluator(Path folder) {
        return new ProxyEvaluator(typed.space(), typed.proxy(), folder, cache);
    }

    /** The searches in the directory, as far as they have come. */
    List<Arm> arms() {
        return Search.arms(directory, typed.search().seeds());
    }

    private void writePage() {
        SearchPage page = new SearchPage(
                recipe.name(), typed.search().reward(), typed.positions(), arms(), LongerTraining.read(directory));
        DurableFile.write(directory.resolve(PAGE), page.page().html());
    }

    /** Tells the progress, and renews the page now and then. */
    private final class Watch implements SearchWatch {
        private final SearchProgress progress;
        private final WorkerProcesses helpers;
        private long lastPage = System.nanoTime();
        private boolean complained;

        Watch(SearchProgress progress, WorkerProcesses helpers) {
            this.progress = progress;
            this.helpers = helpers;
        }

        @Override
        public void begin(String name, int trials) {
            progress.begin(name, trials);
        }

        @Override
        public void restored(Trial trial) {
            progress.restored(trial);
        }

        @Override
        public void trial(Trial trial) {
            progress.trial(trial);
            String complaint = helpers.complaint();
            if (complaint != null && !complained) {
                complained = true;
                progress.note(complaint);
            }
            if (System.nanoTime() - lastPage > PAGE_NANOS) {
                writePage();
                lastPage = System.nanoTime();
            }
        }

        @Override
        public void note(String message) {
            progress.note(message);
        }
    }
}
