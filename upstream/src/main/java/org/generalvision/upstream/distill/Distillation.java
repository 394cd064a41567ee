package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.ComputeDevice;
import org.generalvision.train.StageRun;
import org.generalvision.train.TrainConfig;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.ExpertTraining;
import org.generalvision.upstream.expert.HeadTraining;
import org.generalvision.upstream.expert.HeadedCheckpoint;

/**
 * How a student is trained. With a generalist of several branches as the teacher, the batches of each data set are answered by that
 * data set's branch, so that one student takes up all branches.
 *
 * @param model shared part of the student
 * @param dataSets one head each, with the names that the teachers have for them
 * @param distillation from whom it learns, and what
 * @param loader batches and threads of training, for each data set
 * @param evaluation batches and threads of the evaluation
 * @param train how it is trained
 */
public record Distillation(
        ExpertModel.Config model,
        List<ExpertDataSet> dataSets,
        DistillationConfig distillation,
        LoaderConfig loader,
        LoaderConfig evaluation,
        TrainConfig train) {
    /** Where a student's checkpoint holds what is trained along and not released. */
    static final String ADAPTERS = "adapters";

    public Distillation {
        dataSets = List.copyOf(dataSets);
        distillation.requireKnown(dataSets.stream().map(ExpertDataSet::name).toList());
        for (ExpertDataSet set : dataSets) {
            DistillationConfig.Weights weights = distillation.weights(set.task());
            if (distillation.features().isEmpty() && weights.answers() == 0 && weights.labels() == 0) {
                throw new IllegalArgumentException("Nothing is learned of %s: ".formatted(set.name())
                        + "name a feature, or give its task's answers or labels a weight");
            }
        }
    }

    /**
     * Trains the student, or continues. The origin's weights to begin with are those of an Amateur, an expert or another student.
     *
     * @throws IllegalArgumentException if a teacher does not fit, or the run was begun with another one
     */
    public Checkpoint run(StageRun stage, HeadedCheckpoint.Opener opener) {
        HeadTraining heads = new HeadTraining(dataSets, loader, evaluation, train);
        try (NDManager manager = ComputeDevice.open(train.device())) {
            Teachers teachers = Teachers.open(distillation, dataSets, opener, manager);
            stage.origin().continued(stage.directory()).ifPresent(teachers::requireSame);
            Map<String, FeatureWidths> taught = new LinkedHashMap<>();
            dataSets.forEach(set -> taught.put(set.name(), FeatureWidths.of(teachers.of(set.name()), manager)));
            Student student = student(taught);
            HeadTraining.Start start = (weights, owner) -> {
                ExpertTraining.loadTower(student.expert(), weights);
                return List.of(new DistillationObjective(this, student, teachers));
            };
            return heads.run(stage, student, start, teachers.facts());
        }
    }

    /**
     * A student that is not yet initialized.
     *
     * @param taught what the teacher of each data set makes
     */
    Student student(Map<String, FeatureWidths> taught) {
        FeatureWidths own = FeatureWidths.of(model);
        Map<String, Adapters> adapters = new LinkedHashMap<>();
        taught.forEach((name, widths) -> {
            boolean pyramid = dataSet(name).task().wantsPyramid()
                    && distillation.weights(dataSet(name).task()).answers() > 0;
            adapters.put(name, new Adapters(places(), pyramid, own, widths));
        });
        return new Student(new ExpertModel(model, dataSets, train.seed()), adapters);
    }

    /** Whether a tensor of a student's checkpoint is no part of the student, but of what it was trained with. */
    public static boolean isAdapter(String name) {
        return name.startsWith(ADAPTERS + ".");
    }

    /** The places whose features are imitated. */
    List<Place> places() {
        return distillation.features().stream()
                .map(DistillationConfig.FeatureTarget::place)
                .toList();
    }

    ExpertDataSet dataSet(String name) {
        return dataSets.stream()
                .filter(set -> set.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no data set " + name));
    }
}
