package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Layer;
import org.generalvision.train.Losses;
import org.generalvision.upstream.head.BatchTruths;
import org.generalvision.upstream.head.FeaturePyramid;
import org.generalvision.upstream.head.ImageSizes;
import org.generalvision.upstream.head.MapsLayer;
import org.generalvision.upstream.head.ProposalNetwork;
import org.generalvision.upstream.head.RegionHeads;
import org.generalvision.upstream.head.Regions;
import org.generalvision.upstream.head.TruthBatch;

/** Boxes and masks: children {@code rpn} and {@code roi_heads} as in torchvision. */
final class DetectionTask implements TaskHead<Prediction.Objects> {
    private final Heads heads;
    private final int classes;
    private final boolean masks;
    private final int levels;
    private final long seed;

    DetectionTask(ExpertTask.Detection task, FeaturePyramid pyramid, long seed) {
        this.heads = new Heads(task, pyramid);
        this.classes = task.classes().size();
        this.masks = task.regions().masks() != null;
        this.levels = pyramid.strides().size();
        this.seed = seed;
    }

    private static final class Heads extends MapsLayer {
        private final ProposalNetwork proposals;
        private final RegionHeads regions;

        Heads(ExpertTask.Detection task, FeaturePyramid pyramid) {
            proposals = child("rpn", new ProposalNetwork(pyramid.width(), pyramid.outputStrides(), task.proposals()));
            regions = child(
                    "roi_heads",
                    new RegionHeads(
                            pyramid.width(), pyramid.strides(), task.classes().size(), task.regions()));
        }
    }

    @Override
    public Layer layer() {
        return heads;
    }

    @Override
    public Answers addLosses(Features features, Batch batch, String prefix, Losses losses) {
        TruthBatch truths = BatchTruths.of(batch, seed);
        List<NDArray> maps = features.pyramidMaps();
        ProposalNetwork.Predictions predictions = heads.proposals.predict(maps, features.pass());
        ProposalNetwork.Loss first = heads.proposals.loss(predictions, truths);
        List<Regions> proposals = heads.proposals.proposals(predictions, truths.sizes(), features.pass());
        RegionHeads.Loss second = heads.regions.loss(maps.subList(0, levels), proposals, truths, features.pass());
        losses.add(prefix + "proposals", 1, first.objectness());
        losses.add(prefix + "proposalBoxes", 1, first.boxes());
        losses.add(prefix + "classes", 1, second.classes());
        losses.add(prefix + "boxes", 1, second.boxes());
        if (second.masks() != null) {
            losses.add(prefix + "masks", 1, second.masks());
        }
        return new Answers.Maps(maps);
    }

    /** What it finds has no fixed places to be compared at, so its answers are the maps in which it looks for objects. */
    @Override
    public Answers answers(Features features, int height, int width) {
        return new Answers.Maps(features.pyramidMaps());
    }

    @Override
    public List<Prediction.Objects> predict(Features features, Batch batch) {
        ImageSizes sizes = BatchTruths.of(batch, seed).sizes();
        List<NDArray> maps = features.pyramidMaps();
        ProposalNetwork.Predictions predictions = heads.proposals.predict(maps, features.pass());
        List<Regions> proposals = heads.proposals.proposals(predictions, sizes, features.pass());
        return heads.regions.detect(maps.subList(0, levels), proposals, sizes, features.pass()).stream()
                .map(Prediction.Objects::new)
                .toList();
    }

    @Override
    public Measurement<Prediction.Objects> measure() {
        return new DetectionPrecision(classes, masks);
    }
}
