package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.BoxCoding;
import org.generalvision.nn.BoxOps;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Nms;
import org.generalvision.nn.Pass;

/**
 * Region proposal network (arXiv 1506.01497): one small head slides over all maps of a pyramid and says of each anchor whether an
 * object is there and how its box differs. Parameter names as torchvision: {@code head.conv.0.0.weight}, {@code
 * head.cls_logits.weight}, {@code head.bbox_pred.weight}.
 */
public final class ProposalNetwork extends MapsLayer {
    private static final double SMALLEST_SIDE = 1e-3;

    private final Config config;
    private final List<Integer> strides;
    private final ConvUnit conv;
    private final Conv2d logits;
    private final Conv2d offsets;

    /**
     * A network that is not yet initialized.
     *
     * @param width channels of the maps
     * @param strides of the maps
     */
    public ProposalNetwork(int width, List<Integer> strides, Config config) {
        config.anchors.requireMaps(strides.size());
        this.config = config;
        this.strides = List.copyOf(strides);
        int perCell = config.anchors.perCell();
        Head head = child("head", new Head(width, perCell));
        conv = head.conv;
        logits = head.logits;
        offsets = head.offsets;
    }

    /**
     * How proposals are made and trained.
     *
     * @param matcher which anchors are objects; 0.7 and 0.3 as published
     * @param sampler which anchors are trained on; 256 and 0.5 as published
     * @param training how many boxes become proposals in a training pass
     * @param evaluation how many in an evaluation pass
     * @param suppression largest overlap of two proposals of one map; 0.7 as published
     */
    public record Config(
            Anchors anchors,
            Matcher matcher,
            BalancedSampler sampler,
            Selection training,
            Selection evaluation,
            Nms suppression) {}

    /**
     * How many boxes become proposals.
     *
     * @param before the surest anchors of each map
     * @param after proposals of an image
     */
    public record Selection(int before, int after) {
        public Selection {
            if (before < 1 || after < 1) {
                throw new IllegalArgumentException(
                        "before and after must be positive: %d and %d".formatted(before, after));
            }
        }
    }

    /**
     * What the network says of the anchors of each map.
     *
     * @param logits (B, N) of each map
     * @param offsets (B, N, 4) of each map
     * @param anchors (N, 4) of each map
     */
    public record Predictions(List<NDArray> logits, List<NDArray> offsets, List<NDArray> anchors) {}

    /**
     * The losses, scalars.
     *
     * @param objectness mean binary cross entropy of the sampled anchors
     * @param boxes smooth L1 loss of the foreground's offsets, divided by the number of all sampled anchors
     */
    public record Loss(NDArray objectness, NDArray boxes) {}

    /** Applies the head to the maps of a pyramid, (B, width, H, W) each. */
    public Predictions predict(List<NDArray> maps, Pass pass) {
        List<NDArray> logitsOfMaps = new ArrayList<>();
        List<NDArray> offsetsOfMaps = new ArrayList<>();
        List<NDArray> anchors = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            NDArray map = maps.get(i);
            NDArray hidden = conv.forward(map, pass);
            NDArray rows = BoxOps.anchorRows(logits.forward(hidden, pass), 1);
            logitsOfMaps.add(rows.squeeze(2));
            offsetsOfMaps.add(BoxOps.anchorRows(offsets.forward(hidden, pass), 4));
            int height = Math.toIntExact(map.getShape().get(2));
            int width = Math.toIntExact(map.getShape().get(3));
            anchors.add(config.anchors.of(i, height, width, strides.get(i), map.getManager(), rows.getDataType()));
        }
        return new Predictions(logitsOfMaps, offsetsOfMaps, anchors);
    }

    /** The proposals of each image, the surest first; no gradient flows through them. */
    public List<Regions> proposals(Predictions predictions, ImageSizes sizes, Pass pass) {
        Selection selection = pass.training() ? config.training : config.evaluation;
        ProposalList[] lists = new ProposalList[sizes.count()];
        for (int image = 0; image < lists.length; image++) {
            lists[image] = new ProposalList();
        }
        for (int map = 0; map < predictions.logits.size(); map++) {
            NDArray scores = predictions.logits.get(map);
            NDArray sizeRows = sizes.array(scores.getManager(), scores.getDataType());
            long count = Math.min(selection.before, scores.getShape().get(1));
            BoxOps.Candidates best = BoxOps.best(
                    scores,
                    predictions.offsets.get(map),
                    predictions.anchors.get(map),
                    sizeRows,
                    count,
                    BoxCoding.ofProposals());
            double[] boxes = Numbers.of(best.boxes());
            double[] logitsOfBoxes = Numbers.of(best.scores());
            for (int i = 0; i < logitsOfBoxes.length; i++) {
                lists[i / (int) count].add(boxes, 4 * i, logitsOfBoxes[i], map, SMALLEST_SIDE);
            }
        }
        List<Regions> proposals = new ArrayList<>();
        for (ProposalList list : lists) {
            proposals.add(list.regions().pick(list.keep(config.suppression, selection.after)));
        }
        return proposals;
    }

    /** The losses of a batch. */
    public Loss loss(Predictions predictions, TruthBatch truths) {
        NDArray anchors_N4 = NDArrays.concat(new NDList(predictions.anchors), 0);
        NDArray logits_BN = NDArrays.concat(new NDList(predictions.logits), 1);
        NDArray offsets_BN4 = NDArrays.concat(new NDList(predictions.offsets), 1);
        SampledRows rows = new SampledRows();
        for (int image = 0; image < truths.sizes().count(); image++) {
            Regions objects = Regions.of(truths.single(image));
            Regions crowds = Regions.of(truths.crowds(image));
            int[] matches = config.matcher.match(anchors_N4, objects, crowds, true);
            int[] places =
                    config.sampler.sample(matches, truths.draws().get(image).of("anchors"));
            long first = image * logits_BN.getShape().get(1);
            for (int place : places) {
                rows.add(first + place, matches[place] < 0 ? 0 : 1);
                if (matches[place] >= 0) {
                    rows.addBox(first + place, place, objects, matches[place]);
                }
            }
        }
        return loss(rows, logits_BN, offsets_BN4, anchors_N4);
    }

    private static Loss loss(SampledRows rows, NDArray logits_BN, NDArray offsets_BN4, NDArray anchors_N4) {
        NDArray objectness = rows.binaryCrossEntropy(logits_BN.reshape(new Shape(-1)));
        NDArray predicted = offsets_BN4.reshape(new Shape(-1, 4));
        return new Loss(objectness, rows.boxLoss(predicted, anchors_N4, BoxCoding.ofProposals()));
    }

    /** The layers, under one name as in torchvision. */
    private static final class Head extends MapsLayer {
        private final ConvUnit conv;
        private final Conv2d logits;
        private final Conv2d offsets;

        Head(int width, int perCell) {
            conv = children("conv", List.of(ConvUnit.relu(convolution(width, width, 3))))
                    .get(0);
            logits = child("cls_logits", convolution(width, perCell, 1));
            offsets = child("bbox_pred", convolution(width, 4 * perCell, 1));
        }

        private static Conv2d convolution(int in, int out, int kernel) {
            return new Conv2d(Conv2d.Config.of(in, out, kernel).withBias(), HeadInit.small());
        }
    }
}
