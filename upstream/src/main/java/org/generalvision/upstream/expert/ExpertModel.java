package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.DropPath;
import org.generalvision.nn.Layer;
import org.generalvision.nn.NormStatistics;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.head.FeaturePyramid;
import org.generalvision.upstream.head.MapsLayer;
import org.generalvision.upstream.head.TapWidths;
import org.generalvision.zoo.ZooCatalog;
import org.jspecify.annotations.Nullable;

/**
 * One backbone with a head for each data set: children {@code image} (the name of the image tower in an Amateur's checkpoint),
 * {@code pyramid} if a head wants one, {@code heads.NAME}, and with statistics per data set {@code norms.NAME}.
 *
 * <p>Whatever is chosen for the norms, {@code image} is whole without the rest: its own statistics are those of the data of all
 * heads together, or with frozen ones those it began with.
 */
public final class ExpertModel extends Layer implements HeadedNetwork {
    /** Name of the backbone. */
    public static final String IMAGE = "image";

    private final Backbone image;
    private final @Nullable FeaturePyramid pyramid;
    private final Map<String, TaskHead<?>> heads = new LinkedHashMap<>();
    private final Map<String, NormStatistics> norms = new LinkedHashMap<>();

    /**
     * A model that is not yet initialized.
     *
     * @param seed of the run
     */
    public ExpertModel(Config config, List<ExpertDataSet> dataSets, long seed) {
        TapWidths taps = TapWidths.of(ZooCatalog.create(config.image, 0, config.resolution), config.resolution);
        image = child(IMAGE, ZooCatalog.create(config.image, 0, config.resolution));
        DropPath.spread(image, config.dropPath);
        boolean wanted = dataSets.stream().anyMatch(set -> set.task().wantsPyramid());
        pyramid = config.pyramid == null || !wanted
                ? null
                : child("pyramid", new FeaturePyramid(taps, config.pyramid.strides, config.pyramid.width));
        Shared shared = new Shared(image.featureWidth(), taps, pyramid, seed);
        for (ExpertDataSet set : dataSets) {
            TaskHead<?> head = set.task().head(shared);
            heads.put(set.name(), head);
        }
        child("heads", new Heads(heads));
        separateNorms(config.norms);
    }

    private void separateNorms(Norms choice) {
        if (choice == Norms.FROZEN) {
            BatchNorm.keepStatistics(image);
        } else if (choice == Norms.PER_DATA_SET) {
            SortedMap<String, Layer> shared = new TreeMap<>(Map.of(IMAGE, image));
            if (pyramid != null) {
                shared.put("pyramid", pyramid);
            }
            for (String name : heads.keySet()) {
                norms.put(name, child("norms." + name, new NormStatistics(shared)));
            }
        }
    }

    /** The heads by the names of their data sets. */
    private static final class Heads extends MapsLayer {
        Heads(Map<String, TaskHead<?>> heads) {
            heads.forEach((name, head) -> child(name, head.layer()));
        }
    }

    /** The backbone, which exports release and benchmarks probe. */
    public Backbone image() {
        return image;
    }

    @Override
    public Layer layer() {
        return this;
    }

    @Override
    public TaskHead<?> head(String dataSet) {
        TaskHead<?> head = heads.get(dataSet);
        if (head == null) {
            throw new IllegalArgumentException(
                    "The expert has no head for %s, only for %s".formatted(dataSet, heads.keySet()));
        }
        return head;
    }

    /** The pooled feature: (B, 3, H, W) to (B, featureWidth). */
    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return image.features(x, pass);
    }

    /** To be called when the backbone has been given other weights: statistics per data set begin with those of its norms. */
    void startNorms() {
        norms.values().forEach(NormStatistics::copyOwn);
    }

    @Override
    public Features features(String dataSet, NDArray images, Pass pass) {
        NormStatistics own = norms.get(dataSet);
        Pass tapped = (own == null ? pass : pass.withStatistics(own)).withTaps();
        return new Features(image.features(images, tapped), tapped, pyramid);
    }

    /**
     * The shared part.
     *
     * @param image name of a network of the zoo
     * @param resolution side of the images in pixels
     * @param dropPath rate of the last residual branch, in [0, 1); it grows linearly from 0 at the first
     * @param norms which statistics the batch norms of the shared part use
     * @param pyramid what detection reads, or null
     */
    public record Config(
            String image,
            int resolution,
            double dropPath,
            Norms norms,
            @Nullable Pyramid pyramid) {
        public Config {
            ZooCatalog.entry(image);
            if (resolution < 32) {
                throw new IllegalArgumentException("resolution must be at least 32: " + resolution);
            }
            if (!(dropPath >= 0 && dropPath < 1)) {
                throw new IllegalArgumentException("dropPath must be in [0, 1): " + dropPath);
            }
        }
    }

    /** Statistics of the batch norms of backbone and pyramid; heads have norms of their own. */
    public enum Norms {
        /** One mean and variance for all data sets, moved by every batch. */
        SHARED,
        /** Each data set has its own, in training by its batches anyway, and by these in evaluation. */
        PER_DATA_SET,
        /** The backbone keeps those that it began with, also in training: for a start from other weights and small batches. */
        FROZEN
    }

    /**
     * A feature pyramid.
     *
     * @param strides of the maps that it reads, each double the one before
     * @param width channels of its maps; 256 as published
     */
    public record Pyramid(List<Integer> strides, int width) {
        public Pyramid {
            strides = List.copyOf(strides);
        }
    }
}
