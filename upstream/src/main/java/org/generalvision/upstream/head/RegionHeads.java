package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.metric.Region;
import org.generalvision.nn.BoxCoding;
import org.generalvision.nn.BoxOps;
import org.generalvision.nn.Init;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Nms;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.RoiAlign;
import org.jspecify.annotations.Nullable;

/**
 * Second stage of Faster R-CNN (arXiv 1506.01497) on a feature pyramid: each proposal is read by RoIAlign, classified, and its box
 * refined for each class; with masks, Mask R-CNN (arXiv 1703.06870). Class 0 of the parameters is background. Parameter names as
 * torchvision: {@code box_head.fc6.weight}, {@code box_predictor.cls_score.weight}, {@code box_predictor.bbox_pred.weight},
 * {@code mask_head.0.0.weight}, {@code mask_predictor.conv5_mask.weight}, {@code mask_predictor.mask_fcn_logits.weight}.
 */
public final class RegionHeads extends MapsLayer {
    private static final double SMALLEST_SIDE = 1e-2;
    private static final int BINS = 7;

    private final Config config;
    private final int classes;
    private final RegionPooling pooling;
    private final BoxHead boxHead;
    private final Predictor predictor;
    private final @Nullable MaskBranch masks;

    /**
     * Heads that are not yet initialized.
     *
     * @param width channels of the maps
     * @param strides of the maps that regions are read from
     * @param classes without background
     */
    public RegionHeads(int width, List<Integer> strides, int classes, Config config) {
        if (classes < 1) {
            throw new IllegalArgumentException("A detector needs at least one class: " + classes);
        }
        this.config = config;
        this.classes = classes;
        pooling = new RegionPooling(new RoiAlign(BINS, BINS, config.samples), strides, config.canonicalSide);
        boxHead = child("box_head", new BoxHead(width, BINS, config.hidden));
        predictor = child("box_predictor", new Predictor(config.hidden, classes));
        masks = config.masks == null ? null : masks(width, classes, config.masks);
    }

    private MaskBranch masks(int width, int numClasses, Masks sizes) {
        MaskHead head = child("mask_head", new MaskHead(width, sizes.widths));
        int in = sizes.widths.get(sizes.widths.size() - 1);
        MaskPredictor mask = child("mask_predictor", new MaskPredictor(in, sizes.hidden, numClasses));
        return new MaskBranch(pooling, head, mask, numClasses);
    }

    /**
     * How regions are read, trained and reported.
     *
     * @param hidden width of the box head; 1024 as published
     * @param samples of RoIAlign in each direction of a bin; 2 as published, 0 for as many as it has cells
     * @param canonicalSide root of the area in pixels of the regions that are read from the map of stride 16; 224 as published
     * @param matcher which regions are objects; 0.5 and 0.5 as published
     * @param sampler which regions are trained on; 512 and 0.25 as published
     * @param leastScore detections below it are not reported; 0.05 as published
     * @param suppression largest overlap of two detections of one class; 0.5 as published
     * @param most detections of an image; 100 as published
     * @param masks sizes of the mask branch, or null for boxes alone
     */
    public record Config(
            int hidden,
            int samples,
            double canonicalSide,
            Matcher matcher,
            BalancedSampler sampler,
            double leastScore,
            Nms suppression,
            int most,
            @Nullable Masks masks) {
        public Config {
            if (hidden < 1 || most < 1) {
                throw new IllegalArgumentException(
                        "hidden and most must be positive: %d and %d".formatted(hidden, most));
            }
            if (!(leastScore >= 0 && leastScore < 1)) {
                throw new IllegalArgumentException("leastScore must lie in [0, 1): " + leastScore);
            }
        }
    }

    /**
     * Sizes of the mask branch.
     *
     * @param widths of its convolutions; four times 256 as published
     * @param hidden width of the enlarged map; 256 as published
     */
    public record Masks(List<Integer> widths, int hidden) {
        public Masks {
            widths = List.copyOf(widths);
            if (widths.isEmpty() || hidden < 1 || widths.stream().anyMatch(width -> width < 1)) {
                throw new IllegalArgumentException(
                        "A mask branch needs convolutions of positive widths: %s, then %d".formatted(widths, hidden));
            }
        }
    }

    /**
     * The losses, scalars.
     *
     * @param classes mean cross entropy of the sampled regions
     * @param boxes smooth L1 loss of the foreground's offsets for the true class, divided by the number of sampled regions
     * @param masks mean binary cross entropy of the foreground's masks for the true class, or null without mask branch
     */
    public record Loss(
            NDArray classes, NDArray boxes, @Nullable NDArray masks) {}

    /**
     * The losses of a batch.
     *
     * @param maps of the pyramid, (B, width, H, W) of each stride
     * @param proposals of each image
     */
    public Loss loss(List<NDArray> maps, List<Regions> proposals, TruthBatch truths, Pass pass) {
        NDManager manager = maps.get(0).getManager();
        List<RegionSample> samples = RegionSample.of(proposals, truths, config.matcher, config.sampler, manager);
        if (samples.stream().allMatch(sample -> sample.size() == 0)) {
            NDArray nothing = Ops.scale(Ops.widened(maps.get(0)).sum(), 0);
            return new Loss(nothing, nothing, masks == null ? null : nothing);
        }
        NDArray regions_N4 =
                all(samples).array(manager, Ops.widened(maps.get(0)).getDataType());
        Scores scores = predictor.scores(hidden(maps, samples, pass), pass);
        SampledRows rows = rows(samples);
        NDArray offsets = scores.offsets.reshape(new Shape(-1, 4));
        return new Loss(
                rows.crossEntropy(scores.logits),
                rows.boxLoss(offsets, regions_N4, BoxCoding.ofRegions()),
                masks == null ? null : masks.loss(maps, samples, pass));
    }

    private NDArray hidden(List<NDArray> maps, List<RegionSample> samples, Pass pass) {
        List<Regions> regions = samples.stream().map(RegionSample::regions).toList();
        return boxHead.forward(pooling.read(maps, regions), pass);
    }

    private static Regions all(List<RegionSample> samples) {
        return samples.stream().map(RegionSample::regions).reduce(Regions::and).orElseThrow();
    }

    private SampledRows rows(List<RegionSample> samples) {
        SampledRows rows = new SampledRows();
        long row = 0;
        for (RegionSample sample : samples) {
            Regions boxes = Regions.of(sample.objects());
            for (int i = 0; i < sample.size(); i++, row++) {
                if (sample.matches().get(i) < 0) {
                    rows.add(row, 0);
                } else {
                    long label = sample.object(i).label() + 1L;
                    requireClass(label - 1);
                    rows.add(row, label);
                    rows.addBox(
                            row * (classes + 1) + label,
                            row,
                            boxes,
                            sample.matches().get(i));
                }
            }
        }
        return rows;
    }

    private void requireClass(long label) {
        if (label >= classes) {
            throw new IllegalArgumentException(
                    "An object has class %d, but the detector was made for %d classes".formatted(label, classes));
        }
    }

    /**
     * The objects of each image, the surest first.
     *
     * @param maps of the pyramid, (B, width, H, W) of each stride
     * @param proposals of each image
     */
    public List<List<FoundObject>> detect(List<NDArray> maps, List<Regions> proposals, ImageSizes sizes, Pass pass) {
        List<List<FoundObject>> found = new ArrayList<>();
        if (proposals.stream().allMatch(own -> own.size() == 0)) {
            proposals.forEach(own -> found.add(List.of()));
            return found;
        }
        NDArray hidden = boxHead.forward(pooling.read(maps, proposals), pass);
        Scores scores = predictor.scores(hidden, pass);
        NDArray anchors = proposals.stream()
                .reduce(Regions::and)
                .orElseThrow()
                .array(hidden.getManager(), Ops.widened(hidden).getDataType());
        double[] probabilities = Numbers.of(Ops.softmax(scores.logits, 1));
        double[] boxes = Numbers.of(BoxOps.decode(scores.offsets, anchors, BoxCoding.ofRegions()));
        int first = 0;
        for (int image = 0; image < proposals.size(); image++) {
            int end = first + proposals.get(image).size();
            found.add(select(probabilities, boxes, first, end, sizes, image));
            first = end;
        }
        return masks == null ? found : masks.withMasks(maps, found, sizes, pass);
    }

    /** The branch that makes masks. */
    MaskBranch masks() {
        if (masks == null) {
            throw new IllegalStateException("These heads make no masks");
        }
        return masks;
    }

    /** The detections of one image, whose regions are the rows from {@code first} to before {@code end}. */
    private List<FoundObject> select(
            double[] probabilities, double[] boxes, int first, int end, ImageSizes sizes, int image) {
        ProposalList list = new ProposalList();
        for (int row = first; row < end; row++) {
            for (int label = 1; label <= classes; label++) {
                int place = row * (classes + 1) + label;
                if (probabilities[place] > config.leastScore) {
                    clip(boxes, 4 * place, sizes.height(image), sizes.width(image));
                    list.add(boxes, 4 * place, probabilities[place], label - 1, SMALLEST_SIDE);
                }
            }
        }
        Regions regions = list.regions();
        List<FoundObject> found = new ArrayList<>();
        for (int i : list.keep(config.suppression, config.most)) {
            Region.Box box = new Region.Box(regions.x1(i), regions.y1(i), regions.x2(i), regions.y2(i));
            found.add(new FoundObject(box, list.group(i), list.score(i), null));
        }
        return found;
    }

    private static void clip(double[] boxes, int at, int height, int width) {
        for (int i = 0; i < 4; i++) {
            boxes[at + i] = Math.min(Math.max(boxes[at + i], 0), i % 2 == 0 ? width : height);
        }
    }

    /**
     * What the second stage says of regions.
     *
     * @param logits (N, classes + 1)
     * @param offsets (N, 4 (classes + 1))
     */
    private record Scores(NDArray logits, NDArray offsets) {}

    private static final class Predictor extends MapsLayer {
        private final Linear logits;
        private final Linear offsets;

        Predictor(int in, int classes) {
            logits = child("cls_score", new Linear(in, classes + 1, true, Init.kaimingUniformFanIn()));
            offsets = child("bbox_pred", new Linear(in, 4 * (classes + 1), true, Init.kaimingUniformFanIn()));
        }

        Scores scores(NDArray x, Pass pass) {
            return new Scores(Ops.widened(logits.forward(x, pass)), Ops.widened(offsets.forward(x, pass)));
        }
    }
}
