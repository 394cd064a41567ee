package org.generalvision.benchmark.quickstart;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.generalvision.train.Checkpoint;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertTask;

/**
 * A trained network with heads.
 *
 * @param name of its recipe
 * @param recipe that it was trained with
 * @param checkpoint its last one
 * @param directory run directory
 */
record TaskModel(String name, UpstreamRecipe recipe, Checkpoint checkpoint, Path directory) {
    List<ExpertDataSet> dataSets() {
        if (recipe instanceof UpstreamRecipe.Headed headed) {
            return headed.dataSets();
        }
        throw new IllegalStateException("The recipe " + name + " trains no heads");
    }

    /** What was measured at the end on the first data set of a task, or nothing if it has none. */
    OptionalDouble figure(Class<? extends ExpertTask> task, String metric) {
        return dataSets().stream()
                .filter(set -> task.isInstance(set.task()))
                .map(set -> checkpoint.evaluation().get(set.name() + "/" + metric))
                .filter(figure -> figure != null)
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }
}
