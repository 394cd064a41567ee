package org.generalvision.upstream;

import java.util.List;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.StageRun;
import org.generalvision.train.TrainConfig;
import org.generalvision.upstream.amateur.AmateurConfig;
import org.generalvision.upstream.amateur.ClipConfig;
import org.generalvision.upstream.amateur.ImageTextData;
import org.generalvision.upstream.amateur.ImageTextEvaluation;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.amateur.ImageTextTraining;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.ExpertTraining;

/** The recipe of an upstream stage; the key {@code kind} of the file says which. */
public sealed interface UpstreamRecipe {
    /** Runs the stage, or continues it, and returns its last checkpoint. */
    Checkpoint run(StageRun run);

    /** How the stage is trained. */
    TrainConfig train();

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
    }
}
