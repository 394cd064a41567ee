package org.generalvision.upstream.expert;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.example.Example;
import org.generalvision.data.load.DenseSamples;
import org.generalvision.data.load.DenseSamples.Part;
import org.generalvision.data.load.LabelledImages;
import org.generalvision.data.load.SampleFormat;
import org.generalvision.metric.DepthProtocol;
import org.generalvision.upstream.head.ClassificationHead;
import org.generalvision.upstream.head.DepthHead;
import org.generalvision.upstream.head.ProposalNetwork;
import org.generalvision.upstream.head.RegionHeads;
import org.generalvision.upstream.head.SegmentationHead;

/** What is learned from a data set; the key {@code kind} of a recipe says which. */
public sealed interface ExpertTask {
    /** What a batch holds. */
    SampleFormat format(ImageView view);

    /** A head that is not yet initialized. */
    TaskHead head(Shared shared);

    /** Whether the head reads the shared feature pyramid. */
    default boolean wantsPyramid() {
        return false;
    }

    /** The names of what the head tells apart, in its order and without background; none for depth. */
    default List<String> classes() {
        return List.of();
    }

    /** Whether an example says anything of this task, and so is measured. */
    boolean holds(Example example);

    /**
     * One class for each image; figures {@code top1}, {@code meanPerClass}.
     *
     * @param classes labels, each once; every training image has one of them
     * @param smoothing share of the target that is spread evenly over all classes, in [0, 1)
     */
    record Classification(List<String> classes, double smoothing) implements ExpertTask {
        public Classification {
            classes = List.copyOf(classes);
            if (!(smoothing >= 0 && smoothing < 1)) {
                throw new IllegalArgumentException("smoothing must lie in [0, 1): " + smoothing);
            }
        }

        @Override
        public SampleFormat format(ImageView view) {
            return new LabelledImages(view, classes);
        }

        @Override
        public TaskHead head(Shared shared) {
            return new ClassificationTask(
                    new ClassificationHead(shared.featureWidth(), classes.size()), classes.size(), smoothing);
        }

        @Override
        public boolean holds(Example example) {
            return example.labels().stream().anyMatch(classes::contains);
        }
    }

    /**
     * Boxes and, with {@code regions.masks}, masks; figures {@code boxAp}, {@code boxAp50}, {@code maskAp}, {@code maskAp50}.
     *
     * @param classes labels, each once
     * @param maxObjects most objects of an image
     * @param leastVisible least share of an object's box that must be in the view
     */
    record Detection(
            List<String> classes,
            int maxObjects,
            double leastVisible,
            ProposalNetwork.Config proposals,
            RegionHeads.Config regions)
            implements ExpertTask {
        public Detection {
            classes = List.copyOf(classes);
        }

        @Override
        public SampleFormat format(ImageView view) {
            Set<Part> parts = EnumSet.of(Part.BOXES);
            if (regions.masks() != null) {
                parts.add(Part.MASKS);
            }
            return new DenseSamples(view, classes, parts, maxObjects, leastVisible, true);
        }

        @Override
        public TaskHead head(Shared shared) {
            return new DetectionTask(this, shared.requirePyramid(), shared.seed());
        }

        @Override
        public boolean wantsPyramid() {
            return true;
        }

        @Override
        public boolean holds(Example example) {
            return true;
        }
    }

    /**
     * A class for each pixel; figures {@code meanIou}, {@code pixelAccuracy}.
     *
     * @param classes labels, each once, without background
     * @param background whether pixels under no mask are a class of their own, the first; else they do not count
     */
    record Segmentation(List<String> classes, boolean background, SegmentationHead.Config head) implements ExpertTask {
        public Segmentation {
            classes = List.copyOf(classes);
        }

        @Override
        public SampleFormat format(ImageView view) {
            return new DenseSamples(view, classes, Set.of(Part.SEGMENTS), 1, 0, background);
        }

        @Override
        public TaskHead head(Shared shared) {
            int number = classes.size() + (background ? 1 : 0);
            return new SegmentationTask(new SegmentationHead(shared.taps(), number, head), number, head);
        }

        @Override
        public boolean holds(Example example) {
            return background || !example.masks().isEmpty();
        }
    }

    /**
     * Metric depth for each pixel; figures {@code rmse} in metres, {@code absRel} and the other errors.
     *
     * @param protocol which depths are measured
     */
    record Depth(DepthHead.Config head, DepthProtocol protocol) implements ExpertTask {
        @Override
        public SampleFormat format(ImageView view) {
            return new DenseSamples(view, List.of(), Set.of(Part.DEPTH), 1, 0, true);
        }

        @Override
        public TaskHead head(Shared shared) {
            return new DepthTask(new DepthHead(shared.taps(), head), protocol);
        }

        @Override
        public boolean holds(Example example) {
            return example.depth() != null;
        }
    }
}
