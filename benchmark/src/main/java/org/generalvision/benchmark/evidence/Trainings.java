package org.generalvision.benchmark.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.Progress;
import org.generalvision.train.StageRun;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.UpstreamRecipe;

/** Does trainings, each once: one that is complete in its run directory is only read. */
final class Trainings {
    private final Path out;
    private final List<String> overrides;
    private final Function<String, Progress> progress;
    private final StopRequest stop;
    private final Map<String, Training> known = new HashMap<>();
    private final Map<Training, SortedMap<String, Double>> figures = new HashMap<>();

    /**
     * @param out holds the run directories
     * @param overrides of every recipe, for shorter trainings
     * @param progress who watches a training
     * @param stop how the work is ended early
     */
    Trainings(Path out, List<String> overrides, Function<String, Progress> progress, StopRequest stop) {
        this.out = out;
        this.overrides = List.copyOf(overrides);
        this.progress = progress;
        this.stop = stop;
    }

    /** The run directory of a training. */
    Path directory(Training training) {
        return out.resolve(training.name());
    }

    /**
     * What a training measured at its end. It is done first if it is not complete, and what it begins with before it.
     *
     * @throws CancellationException if a stop was requested
     */
    SortedMap<String, Double> figures(Training training) {
        SortedMap<String, Double> measured = figures.get(training);
        if (measured == null) {
            measured = run(training).evaluation();
            figures.put(training, measured);
        }
        return measured;
    }

    private Checkpoint run(Training training) {
        Training other = known.putIfAbsent(training.name(), training);
        if (other != null && !other.equals(training)) {
            throw new IllegalStateException("Two trainings are called " + training.name());
        }
        Training from = training.from();
        if (from != null) {
            figures(from);
        }
        training.places().values().forEach(this::figures);
        if (stop.requested()) {
            throw new CancellationException("Stopped before " + training.name());
        }
        Recipe recipe = Recipe.load(training.recipe()).with(overrides(training));
        UpstreamRecipe stage = recipe.as(UpstreamRecipe.class);
        Origin origin = from == null ? Origin.scratch() : Origin.initializeFrom(directory(from));
        Checkpoint checkpoint = stage.run(new StageRun(
                directory(training),
                recipe.text(),
                origin,
                out.resolve("data"),
                progress.apply(training.name()),
                stop));
        if (checkpoint.step() < stage.train().steps()) {
            throw new CancellationException("Stopped in " + training.name());
        }
        return checkpoint;
    }

    private List<String> overrides(Training training) {
        List<String> all = new ArrayList<>(training.overrides());
        training.places().forEach((key, other) -> all.add(key + "=" + directory(other)));
        all.addAll(overrides);
        return all;
    }
}
