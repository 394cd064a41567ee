package org.generalvision.upstream.generalist;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.StageRun;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.HeadTraining;
import org.generalvision.upstream.expert.HeadedNetwork;
import org.jspecify.annotations.Nullable;

/**
 * Up-G: how a generalist is run, whichever way it shares.
 *
 * @param heads data sets, loaders, and how it is trained
 * @param balance how much the losses of each data set count
 * @param gates what it must reach at the end
 */
public record GeneralistTraining(HeadTraining heads, LossBalance balance, List<Gate> gates) {
    public GeneralistTraining {
        gates = List.copyOf(gates);
        List<String> names = heads.dataSets().stream().map(ExpertDataSet::name).toList();
        for (Gate gate : gates) {
            if (!names.contains(gate.dataSet())) {
                throw new IllegalArgumentException(
                        "gates: there is no data set %s, only %s".formatted(gate.dataSet(), names));
            }
        }
        balance.over(names);
    }

    /** Soft sharing: trains a branch for each kind of task, or continues. */
    public Checkpoint soft(SoftGeneralist.Config config, StageRun stage) {
        SoftGeneralist branches = branches(config);
        return run(
                stage,
                network(branches),
                weights -> branches.branches().forEach((name, branch) -> {
                    Branch settings = config.branch(name);
                    Path own = settings.initializeFrom();
                    start("The branch " + name, branch, own == null ? weights : own, settings.expertHeads());
                }));
    }

    /** Hard sharing: trains one backbone for all heads, or continues. */
    public Checkpoint hard(ExpertModel.Config config, StageRun stage) {
        ExpertModel backbone = backbone(config);
        return run(stage, network(backbone), weights -> start("The generalist", backbone, weights, Map.of()));
    }

    private static void start(String name, ExpertModel branch, @Nullable Path weights, Map<String, String> heads) {
        if (weights != null) {
            BranchStart.load(name, branch, weights, heads);
        }
    }

    /** The network of a soft generalist, not yet initialized. */
    public Generalist network(SoftGeneralist.Config config) {
        return network(branches(config));
    }

    /** The network of a hard generalist, not yet initialized. */
    public Generalist network(ExpertModel.Config config) {
        return network(backbone(config));
    }

    private SoftGeneralist branches(SoftGeneralist.Config config) {
        return new SoftGeneralist(config, heads.dataSets(), heads.train().seed());
    }

    private ExpertModel backbone(ExpertModel.Config config) {
        return new ExpertModel(config, heads.dataSets(), heads.train().seed());
    }

    private Generalist network(HeadedNetwork network) {
        return new Generalist(network, balance, heads.dataSets());
    }

    /**
     * Runs the stage; what it begins with is asked for only if it begins.
     *
     * @param start takes the weights that the command line names, if it does
     */
    private Checkpoint run(StageRun stage, Generalist network, Consumer<@Nullable Path> start) {
        List<Double> experts = experts();
        boolean begins = stage.origin().replay() == null
                && stage.origin().continued(stage.directory()).isEmpty();
        Checkpoint checkpoint = heads.run(stage, network, (weights, manager) -> {
            if (begins) {
                start.accept(weights);
            }
            return List.of(network.objective());
        });
        GateReport report = report(checkpoint, experts);
        if (stage.origin().replay() == null && !report.tasks().isEmpty()) {
            report.write(stage.directory());
        }
        return checkpoint;
    }

    private List<Double> experts() {
        return gates.stream().map(gate -> gate.expert().value()).toList();
    }

    /** How a checkpoint compares with the experts; nothing is asked of one before the last step. */
    public GateReport report(Checkpoint checkpoint) {
        return report(checkpoint, experts());
    }

    private GateReport report(Checkpoint checkpoint, List<Double> experts) {
        return checkpoint.step() < heads.train().steps()
                ? GateReport.NONE
                : GateReport.of(gates, experts, checkpoint.evaluation());
    }
}
