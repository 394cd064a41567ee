package org.generalvision.benchmark.quickstart;

import java.util.ArrayList;
import java.util.List;
import org.generalvision.benchmark.stage.SceneShards;
import org.generalvision.benchmark.stage.Training;
import org.generalvision.benchmark.stage.Trainings;

/**
 * The stages after the Amateur: experts, a generalist and a student, each far shorter than its recipe says.
 *
 * @param trainings below the quickstart's directory
 * @param times of the stages
 */
record TaskStages(Trainings trainings, Times times) {
    /** Scenes to train on and to measure on. */
    private static final long SCENES = 960;

    private static final long HELD_OUT = 96;

    /** The stages in their order, and how many steps each takes. */
    private static final List<Stage> STAGES = List.of(
            new Stage("expert-classification-desk", 80, true),
            new Stage("expert-detection-desk", 240, true),
            new Stage("expert-segmentation-desk", 160, true),
            new Stage("expert-depth-desk", 120, true),
            new Stage("generalist-hard-desk", 120, true),
            new Stage("distill-desk", 80, false));

    /**
     * A stage.
     *
     * @param fromAmateur whether it begins with the Amateur's weights
     */
    private record Stage(String recipe, long steps, boolean fromAmateur) {
        Training training(Training amateur) {
            Training training = Training.of(
                    recipe,
                    recipe,
                    "train.steps=" + steps,
                    "train.logEvery=10",
                    "train.evaluateEvery=" + steps,
                    "train.saveEvery=" + steps);
            return fromAmateur ? training.from(amateur) : training;
        }
    }

    /** Runs what is not yet done. */
    List<TaskModel> run(Training amateur) {
        times.measure("compose scenes", () -> {
            SceneShards scenes = trainings.scenes();
            scenes.build("train", SCENES);
            return scenes.build("validation", HELD_OUT);
        });
        List<TaskModel> models = new ArrayList<>();
        for (Stage stage : STAGES) {
            Training training = stage.training(amateur);
            models.add(new TaskModel(
                    stage.recipe, times.measure("train " + stage.recipe, () -> trainings.done(training))));
        }
        return models;
    }
}
