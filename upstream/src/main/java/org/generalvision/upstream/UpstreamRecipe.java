package org.generalvision.upstream;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.StageRun;
import org.generalvision.train.TrainConfig;
import org.generalvision.upstream.amateur.AmateurConfig;
import org.generalvision.upstream.amateur.ClipConfig;
import org.generalvision.upstream.amateur.ImageTextData;
import org.generalvision.upstream.amateur.ImageTextEvaluation;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.amateur.ImageTextTraining;
import org.generalvision.upstream.distill.Distillation;
import org.generalvision.upstream.distill.DistillationConfig;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.ExpertTraining;
import org.generalvision.upstream.expert.HeadedCheckpoint;

/** The recipe of an upstream stage; the key {@code kind} of the file says which. */
public sealed interface UpstreamRecipe {
    /** Runs the stage, or continues it, and returns its last checkpoint. */
    Checkpoint run(StageRun run);

    /** How the stage is trained. */
    TrainConfig train();

    /**
     * The network with heads in a checkpoint of such a stage: see {@link HeadedCheckpoint.Opener}.
     *
     * @param manager owner of the network's arrays
     */
    default HeadedCheckpoint open(Checkpoint checkpoint, NDManager manager) {
        throw new IllegalArgumentException(
                "A network with heads is needed, of an expert, a generalist or a student; %s is of kind %s"
                        .formatted(
                                checkpoint.path(),
                                Recipe.of("checkpoint", "", checkpoint.recipe()).kind()));
    }

    /** Opens the network with heads of any checkpoint, by the recipe that lies in it. */
    static HeadedCheckpoint openHeaded(Path path, NDManager manager) {
        Checkpoint checkpoint = Checkpoint.open(path);
        return Recipe.of("checkpoint", checkpoint.path().toString(), checkpoint.recipe())
                .as(UpstreamRecipe.class)
                .open(checkpoint, manager);
    }

    /** Up-A: an image tower and a text tower learn from pairs with DeCLIP's objective. */
    record Amateur(
            ImageTextData data,
            ImageTextModel.Config model,
            AmateurConfig objective,
            ImageTextEvaluation evaluation,
            TrainConfig train)
            implements UpstreamRecipe {
        @Override
        public Checkpoint run(StageRun run) {
            return new ImageTextTraining(data, model, evaluation, train).amateur(objective, run);
        }
    }

    /** The baseline of Up-A: the same towers with CLIP's objective. */
    record Clip(
            ImageTextData data,
            ImageTextModel.Config model,
            ClipConfig objective,
            ImageTextEvaluation evaluation,
            TrainConfig train)
            implements UpstreamRecipe {
        @Override
        public Checkpoint run(StageRun run) {
            return new ImageTextTraining(data, model, evaluation, train).clip(objective, run);
        }
    }

    /** Up-E: one backbone and a head for each of one or more data sets. */
    record Expert(
            ExpertModel.Config model,
            List<ExpertDataSet> dataSets,
            LoaderConfig loader,
            LoaderConfig evaluation,
            TrainConfig train)
            implements UpstreamRecipe {
        @Override
        public Checkpoint run(StageRun run) {
            return new ExpertTraining(model, dataSets, loader, evaluation, train).run(run);
        }

        @Override
        public HeadedCheckpoint open(Checkpoint checkpoint, NDManager manager) {
            ExpertModel network = new ExpertModel(model, dataSets, train.seed());
            return HeadedCheckpoint.load(checkpoint, network, dataSets, train.precision(), manager);
        }
    }

    /** Distillation: a student of one or more trained networks with heads. */
    record Distill(
            ExpertModel.Config model,
            List<ExpertDataSet> dataSets,
            DistillationConfig distillation,
            LoaderConfig loader,
            LoaderConfig evaluation,
            TrainConfig train)
            implements UpstreamRecipe {
        /** The student as it is trained. */
        public Distillation distill() {
            return new Distillation(model, dataSets, distillation, loader, evaluation, train);
        }

        @Override
        public Checkpoint run(StageRun run) {
            return distill().run(run, UpstreamRecipe::openHeaded);
        }

        /** The student without its adapters, which is an expert. */
        @Override
        public HeadedCheckpoint open(Checkpoint checkpoint, NDManager manager) {
            ExpertModel network = new ExpertModel(model, dataSets, train.seed());
            return HeadedCheckpoint.load(
                    checkpoint, network, dataSets, train.precision(), manager, Distillation::isAdapter);
        }
    }
}
