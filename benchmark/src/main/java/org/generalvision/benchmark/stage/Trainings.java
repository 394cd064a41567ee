package org.generalvision.benchmark.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
public final class Trainings {
    private final Path out;
    private final List<String> overrides;
    private final Function<String, Progress> progress;
    private final StopRequest stop;
    private final Map<String, Training> known = new HashMap<>();
    private final Map<Training, Trained> done = new HashMap<>();

    /**
     * Trainings of which none is done.
     *
     * @param out holds the run directories: what the recipes call {@code runs}
     * @param overrides of every recipe, for shorter trainings
     * @param progress who watches a training
     * @param stop how the work is ended early
     */
    public Trainings(Path out, List<String> overrides, Function<String, Progress> progress, StopRequest stop) {
        this.out = out;
        this.overrides = List.copyOf(overrides);
        this.progress = progress;
        this.stop = stop;
    }

    /** The run directory of a training. */
    public Path directory(Training training) {
        return out.resolve(training.name());
    }

    /** The folder for data that is unpacked before use. */
    public Path cache() {
        return out.resolve("data");
    }

    /** Where the recipes look for composed scenes. */
    public SceneShards scenes() {
        return new SceneShards(out, cache());
    }

    /**
     * Does a training if it is not complete, and before it what it begins with.
     *
     * @throws CancellationException if a stop was requested
     */
    public Trained done(Training training) {
        return complete(training).orElseGet(() -> {
            Trained trained = run(training);
            done.put(training, trained);
            return trained;
        });
    }

    /**
     * A training that is complete in its run directory.
     *
     * @throws IllegalArgumentException if it was done with other settings
     */
    Optional<Trained> complete(Training training) {
        Trained trained = done.get(training);
        if (trained != null) {
            return Optional.of(trained);
        }
        Path directory = directory(training);
        Optional<Path> newest = Files.isDirectory(directory) ? Checkpoint.newestIn(directory) : Optional.empty();
        Recipe recipe = recipe(training);
        UpstreamRecipe stage = recipe.as(UpstreamRecipe.class);
        Optional<Trained> complete = newest.map(Checkpoint::open)
                .filter(checkpoint -> checkpoint.step() >= stage.train().steps())
                .map(checkpoint -> new Trained(stage, requireOf(recipe, checkpoint), directory));
        complete.ifPresent(one -> done.put(training, one));
        return complete;
    }

    private static Checkpoint requireOf(Recipe recipe, Checkpoint checkpoint) {
        if (!checkpoint.recipe().equals(recipe.text())) {
            throw new IllegalArgumentException(
                    "%s holds a training with other settings than are asked for now; name another --out, or remove it"
                            .formatted(checkpoint.path().getParent()));
        }
        return checkpoint;
    }

    private Trained run(Training training) {
        training.before().forEach(this::done);
        if (stop.requested()) {
            throw new CancellationException("Stopped before " + training.name());
        }
        Recipe recipe = recipe(training);
        UpstreamRecipe stage = recipe.as(UpstreamRecipe.class);
        Path directory = directory(training);
        Training from = training.from();
        Checkpoint checkpoint = stage.run(new StageRun(
                directory,
                recipe.text(),
                from == null ? Origin.scratch() : Origin.initializeFrom(directory(from)),
                cache(),
                progress.apply(training.name()),
                stop));
        if (checkpoint.step() < stage.train().steps()) {
            throw new CancellationException("Stopped in " + training.name());
        }
        return new Trained(stage, checkpoint, directory);
    }

    /**
     * What a training runs, with its overrides.
     *
     * @throws IllegalStateException if another one has the name
     */
    Recipe recipe(Training training) {
        Training other = known.putIfAbsent(training.name(), training);
        if (other != null && !other.equals(training)) {
            throw new IllegalStateException("Two trainings are called " + training.name());
        }
        return Recipe.shipped(training.recipe()).under(out).with(overrides(training));
    }

    private List<String> overrides(Training training) {
        List<String> all = new ArrayList<>(training.overrides());
        training.places().forEach((key, other) -> all.add(key + "=" + directory(other)));
        all.addAll(overrides);
        return all;
    }
}
