package org.generalvision.upstream.expert;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelSpace;
import org.generalvision.data.load.DenseSamples;
import org.generalvision.data.load.DenseSamples.Part;
import org.generalvision.data.load.LabelledImages;
import org.generalvision.data.load.MultiLabelImages;
import org.generalvision.data.load.SampleFormat;
import org.generalvision.metric.DepthProtocol;
import org.generalvision.upstream.head.ClassificationHead;
import org.generalvision.upstream.head.DepthHead;
import org.generalvision.upstream.head.MultiLabelHead;
import org.generalvision.upstream.head.ProposalNetwork;
import org.generalvision.upstream.head.RegionHeads;
import org.generalvision.upstream.head.SegmentationHead;

/** What is learned from a data set; the key {@code kind} of a recipe says which. */
public sealed interface ExpertTask {
    /** What a batch holds. */
    SampleFormat format(ImageView view);

    /** A head that is not yet initialized. */
    TaskHead<?> head(Shared shared);

    /** Whether the head reads the shared feature pyramid. */
    default boolean wantsPyramid() {
        return false;
    }

    /** Least number of images in a batch that the head is trained on. */
    default int leastBatch() {
        return 1;
    }

    /** The names of what the head tells apart, in its order and without background; none for depth. */
    default List<String> classes() {
        return List.of();
    }

    /** What this task reads of examples' annotations. */
    Vocabulary vocabulary();

    /** What else than the recipe the head depends on, such as a label system, for a run's provenance; or empty. */
    default String hash() {
        return "";
    }

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
        public TaskHead<?> head(Shared shared) {
            return new ClassificationTask(
                    new ClassificationHead(shared.featureWidth(), classes.size()), classes.size(), smoothing);
        }

        @Override
        public Vocabulary vocabulary() {
            return new Vocabulary(classes, Vocabulary.Silence.UNUSABLE, example -> known(example.labels(), classes));
        }
    }

    /**
     * Any number of concepts of a label system for each image, positives counting for their ancestors; figure {@code meanAp}, over the
     * concepts that are known to be in some held-out images and not in others. Data of several collections are one mixture here,
     * and what a collection does not annotate is unknown.
     *
     * @param labels directory of the label system that the collections' labels are mapped to
     * @param sources by {@link Example#source}
     */
    record MultiLabel(Path labels, Map<String, MultiLabelImages.Source> sources) implements ExpertTask {
        public MultiLabel {
            sources = Map.copyOf(sources);
            if (sources.isEmpty()) {
                throw new IllegalArgumentException("sources must name at least one collection");
            }
        }

        private LabelSpace space() {
            return LabelSpace.open(
                    LabelDirectory.open(labels),
                    sources.values().stream()
                            .map(MultiLabelImages.Source::dataSet)
                            .toList());
        }

        @Override
        public SampleFormat format(ImageView view) {
            return new MultiLabelImages(view, space(), sources);
        }

        @Override
        public TaskHead<?> head(Shared shared) {
            int concepts = space().size();
            return new MultiLabelTask(new MultiLabelHead(shared.featureWidth(), concepts), concepts);
        }

        /** Ids of the concepts. */
        @Override
        public List<String> classes() {
            return space().ids();
        }

        /** The labels of the collections, each under the name of its data set: an example may say something with none. */
        @Override
        public Vocabulary vocabulary() {
            LabelSpace space = space();
            List<String> classes = new ArrayList<>();
            for (String name : new TreeSet<>(sources.values().stream()
                    .map(MultiLabelImages.Source::dataSet)
                    .toList())) {
                space.dataSet(name).classes().forEach(label -> classes.add(name + ": " + label));
            }
            return new Vocabulary(classes, Vocabulary.Silence.UNKNOWN, example -> shown(example, space));
        }

        private List<String> shown(Example example, LabelSpace space) {
            MultiLabelImages.Source source = sources.get(example.source());
            if (source == null) {
                throw MultiLabelImages.unknownSource(example, sources.keySet());
            }
            return known(example.labels(), space.dataSet(source.dataSet()).classes()).stream()
                    .map(label -> source.dataSet() + ": " + label)
                    .toList();
        }

        @Override
        public String hash() {
            LabelSpace space = space();
            Hasher hasher = Hashing.sha256().newHasher();
            space.ids().forEach(id -> hasher.putUnencodedChars(id).putInt(0));
            vocabulary()
                    .classes()
                    .forEach(name -> hasher.putUnencodedChars(name).putInt(1));
            return hasher.hash().toString();
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
        public TaskHead<?> head(Shared shared) {
            return new DetectionTask(this, shared.requirePyramid(), shared.seed());
        }

        @Override
        public boolean wantsPyramid() {
            return true;
        }

        @Override
        public Vocabulary vocabulary() {
            return new Vocabulary(
                    classes,
                    Vocabulary.Silence.NOTHING,
                    example -> known(
                            example.boxes().stream().map(Example.Box::label).toList(), classes));
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

        /** The mean of the whole map is normalized over the images of a batch alone. */
        @Override
        public int leastBatch() {
            return 2;
        }

        @Override
        public TaskHead<?> head(Shared shared) {
            int number = classes.size() + (background ? 1 : 0);
            return new SegmentationTask(new SegmentationHead(shared.taps(), number, head), number, head);
        }

        @Override
        public Vocabulary vocabulary() {
            return new Vocabulary(
                    classes,
                    background ? Vocabulary.Silence.NOTHING : Vocabulary.Silence.UNKNOWN,
                    example -> known(example.masks().stream().map(Mask::label).toList(), classes));
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
        public TaskHead<?> head(Shared shared) {
            return new DepthTask(new DepthHead(shared.taps(), head), protocol);
        }

        @Override
        public Vocabulary vocabulary() {
            return new Vocabulary(
                    List.of("depth"),
                    Vocabulary.Silence.UNKNOWN,
                    example -> example.depth() == null ? List.of() : List.of("depth"));
        }
    }

    private static List<String> known(List<String> labels, Collection<String> classes) {
        Set<String> all = Set.copyOf(classes);
        return labels.stream().filter(all::contains).toList();
    }
}
