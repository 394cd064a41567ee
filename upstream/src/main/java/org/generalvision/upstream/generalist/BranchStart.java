package org.generalvision.upstream.generalist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.ExpertTraining;
import org.generalvision.upstream.expert.ExpertWeights;

/** The weights that a branch, or the one backbone of hard sharing, begins with. */
final class BranchStart {
    /** Stages whose checkpoints hold a backbone with heads. */
    private static final Set<String> WITH_HEADS = Set.of("expert", "generalist-hard", "distill");

    /** Stages whose checkpoints hold an image tower. */
    private static final Set<String> WITH_TOWER = Set.of("amateur", "clip", "local");

    private BranchStart() {}

    /**
     * Takes an expert's tower, pyramid and heads, or the tower alone where there is no more.
     *
     * @param name of the branch, for messages
     * @param weights a checkpoint, a run directory, or a safetensors file of a tower
     * @param heads what the expert calls data sets that have another name there
     * @throws IllegalArgumentException if they are of a stage that has no such tower, or do not fit
     */
    static void load(String name, ExpertModel branch, Path weights, Map<String, String> heads) {
        if (!Files.isDirectory(weights)) {
            ExpertTraining.loadTower(branch, weights);
            return;
        }
        Checkpoint checkpoint = Checkpoint.open(weights);
        String kind = Recipe.of("checkpoint", checkpoint.path().toString(), checkpoint.recipe())
                .kind();
        if (WITH_HEADS.contains(kind)) {
            ExpertWeights.load(branch, checkpoint.model(), heads);
        } else if (WITH_TOWER.contains(kind)) {
            ExpertTraining.loadTower(branch, checkpoint.model());
        } else {
            throw new IllegalArgumentException(
                    "%s is to start with %s, which is of kind %s and has no tower of its own; name an expert, or an Amateur"
                            .formatted(name, checkpoint.path(), kind));
        }
    }
}
