package org.generalvision.benchmark.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.Progress;
import org.generalvision.train.StageRun;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.UpstreamRecipe;

/** The stages after the Amateur: experts, a generalist and a student, each far shorter than its recipe says. */
final class TaskStages {
    /** Scenes to train on and to measure on. */
    private static final long SCENES = 480;

    private static final long HELD_OUT = 96;

    /** The stages in their order, and how many steps each takes. */
    private static final List<Stage> STAGES = List.of(
            new Stage("expert-classification-desk", 60, true),
            new Stage("expert-detection-desk", 80, true),
            new Stage("expert-segmentation-desk", 100, true),
            new Stage("expert-depth-desk", 80, true),
            new Stage("generalist-hard-desk", 60, true),
            new Stage("distill-desk", 40, false));

    private final Path out;
    private final List<String> overrides;
    private final Function<String, Progress> progress;
    private final StopRequest stop;
    private final Times times;

    /**
     * A stage.
     *
     * @param fromAmateur whether it begins with the Amateur's weights
     */
    private record Stage(String recipe, long steps, boolean fromAmateur) {}

    /**
     * Stages that are not yet run.
     *
     * @param out holds the run directories, the Amateur's among them
     * @param overrides keys of every recipe with other values, for a shorter run
     */
    TaskStages(Path out, List<String> overrides, Function<String, Progress> progress, StopRequest stop, Times times) {
        this.out = out;
        this.overrides = List.copyOf(overrides);
        this.progress = progress;
        this.stop = stop;
        this.times = times;
    }

    /**
     * Runs what is not yet done.
     *
     * @param amateur run directory
     * @param check throws if the job is to end
     */
    List<TaskModel> run(Path amateur, Runnable check) {
        times.measure("compose scenes", () -> {
            SceneShards scenes = new SceneShards(out, out.resolve("data"));
            scenes.build("train", SCENES);
            return scenes.build("validation", HELD_OUT);
        });
        List<TaskModel> models = new ArrayList<>();
        for (Stage stage : STAGES) {
            check.run();
            models.add(times.measure("train " + stage.recipe, () -> run(stage, amateur)));
        }
        check.run();
        return models;
    }

    private TaskModel run(Stage stage, Path amateur) {
        List<String> settings = new ArrayList<>(List.of(
                "train.steps=" + stage.steps,
                "train.logEvery=10",
                "train.evaluateEvery=" + stage.steps,
                "train.saveEvery=" + stage.steps));
        settings.addAll(overrides);
        Recipe recipe = Recipe.shipped(stage.recipe).under(out).with(settings);
        UpstreamRecipe typed = recipe.as(UpstreamRecipe.class);
        Origin origin = stage.fromAmateur ? Origin.initializeFrom(amateur) : Origin.scratch();
        Path directory = out.resolve(stage.recipe);
        Checkpoint checkpoint = typed.run(new StageRun(
                directory, recipe.text(), origin, out.resolve("data"), progress.apply(stage.recipe), stop));
        return new TaskModel(stage.recipe, typed, checkpoint, directory);
    }
}
