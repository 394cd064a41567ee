package org.generalvision.benchmark.quickstart;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.generalvision.benchmark.stage.Trained;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertTask;

/**
 * A trained network with heads.
 *
 * @param name of its recipe
 * @param trained how it was trained
 */
record TaskModel(String name, Trained trained) {
    List<ExpertDataSet> dataSets() {
        if (trained.recipe() instanceof UpstreamRecipe.Headed headed) {
            return headed.dataSets();
        }
        throw new IllegalStateException("The recipe " + name + " trains no heads");
    }

    /** What was measured at the end on the first data set of a task, or nothing if it has none. */
    OptionalDouble figure(Class<? extends ExpertTask> task, String metric) {
        return dataSets().stream()
                .filter(set -> task.isInstance(set.task()))
                .map(set -> trained.checkpoint().evaluation().get(set.name() + "/" + metric))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }
}
