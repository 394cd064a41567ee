package org.generalvision.upstream;

import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.StageRun;
import org.generalvision.train.TrainConfig;
import org.generalvision.upstream.amateur.AmateurConfig;
import org.generalvision.upstream.amateur.AmateurModel;
import org.generalvision.upstream.amateur.ClipConfig;
import org.generalvision.upstream.amateur.ImageTextData;
import org.generalvision.upstream.amateur.ImageTextEvaluation;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.amateur.ImageTextTraining;
import org.generalvision.upstream.amateur.local.LocalConfig;
import org.generalvision.upstream.amateur.local.LocalData;
import org.generalvision.upstream.amateur.local.LocalModel;
import org.generalvision.upstream.amateur.local.LocalTraining;
import org.generalvision.upstream.amateur.local.RegionEvaluation;
import org.generalvision.upstream.distill.Distillation;
import org.generalvision.upstream.distill.DistillationConfig;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.ExpertTraining;
import org.generalvision.upstream.expert.HeadTraining;
import org.generalvision.upstream.expert.HeadedCheckpoint;
import org.generalvision.upstream.generalist.Branch;
import org.generalvision.upstream.generalist.Gate;
import org.generalvision.upstream.generalist.GateReport;
import org.generalvision.upstream.generalist.GeneralistTraining;
import org.generalvision.upstream.generalist.LossBalance;
import org.generalvision.upstream.generalist.SoftGeneralist;
import org.generalvision.upstream.generalist.TransferConfig;
import org.jspecify.annotations.Nullable;

/** The recipe of an upstream stage; the key {@code kind} of the file says which. */
public sealed interface UpstreamRecipe {
    /** Runs the stage, or continues it, and returns its last checkpoint. */
    Checkpoint run(StageRun run);

    /** How the stage is trained. */
    TrainConfig train();

    /** The image networks of a checkpoint. */
    List<ImageTower> towers();

    /** What of a checkpoint's weights is only there for training it, and is of no use to others. */
    default boolean isScaffold(String path) {
        return false;
    }

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

    /**
     * How the stage's last checkpoint compares with what the recipe asks of it; most recipes ask nothing.
     *
     * @throws IllegalArgumentException if what it is compared with cannot be read
     */
    default GateReport gate(Checkpoint checkpoint) {
        return GateReport.NONE;
    }

    /** Opens the network with heads of any checkpoint, by the recipe that lies in it. */
    static HeadedCheckpoint openHeaded(Path path, NDManager manager) {
        Checkpoint checkpoint = Checkpoint.open(path);
        return Recipe.of("checkpoint", checkpoint.path().toString(), checkpoint.recipe())
                .as(UpstreamRecipe.class)
                .open(checkpoint, manager);
    }

    /** A stage whose checkpoint holds an image tower and a text tower, so that texts find images with it. */
    sealed interface ImageText extends UpstreamRecipe {
        /** Sizes of the towers. */
        ImageTextModel.Config model();

        /** How the towers are measured. */
        ImageTextEvaluation evaluation();

        /**
         * The network of the checkpoint, not yet initialized.
         *
         * @param vocabularySize token ids of the vocabulary beside it
         */
        ImageTextModel network(int vocabularySize);

        @Override
        default List<ImageTower> towers() {
            return List.of(ImageTower.only(model().image(), model().resolution()));
        }
    }

    /** A stage whose network has a head for each of some data sets. */
    sealed interface Headed extends UpstreamRecipe {
        /** What the heads are trained on. */
        List<ExpertDataSet> dataSets();
    }

    /** Such a stage whose heads share one backbone. */
    sealed interface OneBackbone extends Headed {
        /** What the heads share. */
        ExpertModel.Config model();

        @Override
        default List<ImageTower> towers() {
            return List.of(ImageTower.only(model().image(), model().resolution()));
        }
    }

    /** Up-A: an image tower and a text tower learn from pairs with DeCLIP's objective. */
    record Amateur(
            ImageTextData data,
            ImageTextModel.Config model,
            AmateurConfig objective,
            ImageTextEvaluation evaluation,
            TrainConfig train)
            implements ImageText {
        @Override
        public Checkpoint run(StageRun run) {
            return new ImageTextTraining(data, model, evaluation, train).amateur(objective, run);
        }

        @Override
        public AmateurModel network(int vocabularySize) {
            return new AmateurModel(model, objective, vocabularySize);
        }
    }

    /** The baseline of Up-A: the same towers with CLIP's objective. */
    record Clip(
            ImageTextData data,
            ImageTextModel.Config model,
            ClipConfig objective,
            ImageTextEvaluation evaluation,
            TrainConfig train)
            implements ImageText {
        @Override
        public Checkpoint run(StageRun run) {
            return new ImageTextTraining(data, model, evaluation, train).clip(objective, run);
        }

        @Override
        public ImageTextModel network(int vocabularySize) {
            return new ImageTextModel(model, vocabularySize);
        }
    }

    /** Up-A-L: the image tower of such a checkpoint learns regions, and keeps its embedding. */
    record Local(
            LocalData data,
            ImageTextModel.Config model,
            LocalConfig objective,
            ImageTextEvaluation evaluation,
            RegionEvaluation regions,
            TrainConfig train)
            implements ImageText {
        @Override
        public Checkpoint run(StageRun run) {
            Path start = run.origin().initializeFrom();
            if (start != null && Files.isDirectory(start)) {
                requireTowers(Checkpoint.open(start));
            }
            return new LocalTraining(data, model, objective, evaluation, regions, train).run(run);
        }

        private static void requireTowers(Checkpoint start) {
            UpstreamRecipe recipe = Recipe.of("start", start.path() + "/recipe.yaml", start.recipe())
                    .as(UpstreamRecipe.class);
            if (!(recipe instanceof ImageText)) {
                throw new IllegalArgumentException(("The local stage starts from a checkpoint of images and texts (kind"
                                + " amateur, clip or local), but %s is of kind %s")
                        .formatted(
                                start.path(), recipe.getClass().getSimpleName().toLowerCase(Locale.ROOT)));
            }
        }

        @Override
        public LocalModel network(int vocabularySize) {
            return new LocalModel(model, objective.network(), vocabularySize);
        }
    }

    /** Up-E: one backbone and a head for each of one or more data sets. */
    record Expert(
            ExpertModel.Config model,
            List<ExpertDataSet> dataSets,
            LoaderConfig loader,
            LoaderConfig evaluation,
            TrainConfig train)
            implements OneBackbone {
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
            implements OneBackbone {
        @Override
        public boolean isScaffold(String path) {
            return Distillation.isAdapter(path);
        }

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

    /** Up-G with soft sharing: a branch for each kind of task, which reads the others. */
    record GeneralistSoft(
            ExpertModel.Config model,
            List<Branch> branches,
            @Nullable TransferConfig transfer,
            List<ExpertDataSet> dataSets,
            LossBalance balance,
            List<Gate> gates,
            LoaderConfig loader,
            LoaderConfig evaluation,
            TrainConfig train)
            implements Headed {
        @Override
        public List<ImageTower> towers() {
            return branches.stream()
                    .map(branch -> new ImageTower(
                            branch.name(), "branches." + branch.name() + ".image.", model.image(), model.resolution()))
                    .toList();
        }

        /** The branches. */
        public SoftGeneralist.Config network() {
            return new SoftGeneralist.Config(model, branches, transfer);
        }

        /** The generalist as it is trained. */
        public GeneralistTraining training() {
            return new GeneralistTraining(new HeadTraining(dataSets, loader, evaluation, train), balance, gates);
        }

        @Override
        public Checkpoint run(StageRun run) {
            return training().soft(network(), run);
        }

        @Override
        public HeadedCheckpoint open(Checkpoint checkpoint, NDManager manager) {
            return HeadedCheckpoint.load(
                    checkpoint, training().network(network()), dataSets, train.precision(), manager);
        }

        @Override
        public GateReport gate(Checkpoint checkpoint) {
            return training().report(checkpoint);
        }
    }

    /** Up-G with hard sharing: one backbone for all heads. */
    record GeneralistHard(
            ExpertModel.Config model,
            List<ExpertDataSet> dataSets,
            LossBalance balance,
            List<Gate> gates,
            LoaderConfig loader,
            LoaderConfig evaluation,
            TrainConfig train)
            implements OneBackbone {
        /** The generalist as it is trained. */
        public GeneralistTraining training() {
            return new GeneralistTraining(new HeadTraining(dataSets, loader, evaluation, train), balance, gates);
        }

        @Override
        public Checkpoint run(StageRun run) {
            return training().hard(model, run);
        }

        @Override
        public HeadedCheckpoint open(Checkpoint checkpoint, NDManager manager) {
            return HeadedCheckpoint.load(checkpoint, training().network(model), dataSets, train.precision(), manager);
        }

        @Override
        public GateReport gate(Checkpoint checkpoint) {
            return training().report(checkpoint);
        }
    }
}
