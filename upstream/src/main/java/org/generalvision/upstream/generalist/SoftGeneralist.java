package org.generalvision.upstream.generalist;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.Features;
import org.generalvision.upstream.expert.HeadedNetwork;
import org.generalvision.upstream.expert.TaskHead;
import org.generalvision.upstream.head.MapsLayer;
import org.generalvision.zoo.ZooCatalog;
import org.jspecify.annotations.Nullable;

/**
 * Soft sharing: a full branch (backbone, pyramid, heads) for each kind of task. Where level l of the branch t of a batch's data
 * set ends, its map becomes f_t^l + sum over the other branches a of T_{t,a}^l({sg(f_a^k) : k = 1..l}) (central_model.py of
 * OpenGVLab/gv-benchmark). The others are walked first, plainly, in evaluation and without a graph: a task reads the others and
 * never writes them, neither their weights nor their statistics. T belongs to its target, and adds nothing at the start.
 *
 * <p>Children {@code branches.NAME}, each as in an expert, and {@code transfer.TARGET.SOURCE.layer1} and so on.
 */
public final class SoftGeneralist extends MapsLayer implements HeadedNetwork {
    private final Map<String, ExpertModel> branches = new LinkedHashMap<>();
    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final List<Level> levels;

    /** The branch of a data set, and what it takes from which other ones. */
    private record Target(ExpertModel branch, List<Transfer> transfers) {}

    private record Transfer(Backbone source, List<TransferLayer> layers) {}

    /**
     * A network that is not yet initialized.
     *
     * @param dataSets of all branches; each must be in one
     * @param seed of the run
     */
    public SoftGeneralist(Config config, List<ExpertDataSet> dataSets, long seed) {
        config.requireDataSets(dataSets.stream().map(ExpertDataSet::name).toList());
        for (Branch branch : config.branches) {
            List<ExpertDataSet> own = dataSets.stream()
                    .filter(set -> branch.dataSets().contains(set.name()))
                    .toList();
            ExpertModel model = child("branches." + branch.name(), new ExpertModel(config.model, own, seed));
            branches.put(branch.name(), model);
        }
        levels = config.transfer == null ? List.of() : Level.of(config::backbone, config.transfer.strides());
        for (Branch branch : config.branches) {
            Target target = new Target(branch(branch.name()), transfers(branch.name(), config.transfer));
            branch.dataSets().forEach(set -> targets.put(set, target));
        }
    }

    private List<Transfer> transfers(String target, @Nullable TransferConfig config) {
        List<Transfer> transfers = new ArrayList<>();
        if (config != null) {
            branches.forEach((source, model) -> {
                if (!source.equals(target)) {
                    transfers.add(new Transfer(model.image(), layers(target, source, config)));
                }
            });
        }
        return List.copyOf(transfers);
    }

    private List<TransferLayer> layers(String target, String source, TransferConfig config) {
        List<TransferLayer> layers = new ArrayList<>();
        for (int l = 0; l < levels.size(); l++) {
            String name = "transfer.%s.%s.layer%d".formatted(target, source, l + 1);
            layers.add(child(name, new TransferLayer(levels, l, config.innerNorm())));
        }
        return List.copyOf(layers);
    }

    /** The branches by name, in the order of the recipe; their backbones are what exports release. */
    public Map<String, ExpertModel> branches() {
        return Collections.unmodifiableMap(branches);
    }

    private ExpertModel branch(String name) {
        ExpertModel branch = branches.get(name);
        if (branch == null) {
            throw new IllegalStateException("No branch " + name);
        }
        return branch;
    }

    private Target target(String dataSet) {
        Target target = targets.get(dataSet);
        if (target == null) {
            throw new IllegalArgumentException(
                    "The generalist has no head for %s, only for %s".formatted(dataSet, targets.keySet()));
        }
        return target;
    }

    @Override
    public Layer layer() {
        return this;
    }

    @Override
    public TaskHead<?> head(String dataSet) {
        return target(dataSet).branch.head(dataSet);
    }

    @Override
    public Features features(String dataSet, NDArray images, Pass pass) {
        Target target = target(dataSet);
        if (target.transfers.isEmpty()) {
            return target.branch.features(dataSet, images, pass);
        }
        List<Reception.Source> sources = target.transfers.stream()
                .map(t -> new Reception.Source(t.layers, Reception.maps(t.source, levels, images, pass)))
                .toList();
        return target.branch.features(dataSet, images, pass.atStages(new Reception(levels, sources, pass)));
    }

    /**
     * The branches.
     *
     * @param model shared part of each branch; one without a head that wants a pyramid has none
     * @param branches at least two, with different names and no data set in common
     * @param transfer what branches take from each other, or null if they are trained side by side
     */
    public record Config(
            ExpertModel.Config model,
            List<Branch> branches,
            @Nullable TransferConfig transfer) {
        public Config {
            branches = List.copyOf(branches);
            List<String> names = branches.stream().map(Branch::name).toList();
            List<String> sets =
                    branches.stream().flatMap(b -> b.dataSets().stream()).toList();
            if (names.size() < 2 || names.stream().distinct().count() != names.size()) {
                throw new IllegalArgumentException("branches must be at least two, with different names: " + names);
            }
            if (sets.stream().distinct().count() != sets.size()) {
                throw new IllegalArgumentException("branches must not share a data set: " + sets);
            }
        }

        /** A branch by its name. */
        Branch branch(String name) {
            return branches.stream()
                    .filter(b -> b.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("No branch " + name));
        }

        private Backbone backbone() {
            return ZooCatalog.create(model.image(), 0, model.resolution());
        }

        /** Every data set in a branch, and no branch with another one. */
        private void requireDataSets(List<String> dataSets) {
            List<String> placed =
                    branches.stream().flatMap(b -> b.dataSets().stream()).toList();
            List<String> homeless =
                    dataSets.stream().filter(set -> !placed.contains(set)).toList();
            List<String> unknown =
                    placed.stream().filter(set -> !dataSets.contains(set)).toList();
            if (!homeless.isEmpty() || !unknown.isEmpty()) {
                throw new IllegalArgumentException(
                        "branches must name every data set once; in no branch: %s; in a branch, but not in the recipe: %s"
                                .formatted(homeless, unknown));
            }
        }
    }
}
